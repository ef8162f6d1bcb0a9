import type { ServerResponse } from 'node:http'
import { encodeHeader, HEADERS } from '@stripe402/core'

const OFFER = {
  scheme: 'stripe',
  currency: 'usd',
  amount: 100,
  minTopUp: 5000,
  publishableKey: 'pk_test_shop',
}

const challenge = (offer: object, rest: object = {}): object => ({
  stripe402Version: 1,
  resource: { url: '/x' },
  accepts: [{ ...OFFER, ...offer }],
  ...rest,
})

/** Challenges of sellers who are up to something, or broken. A string is sent as it is. */
const HOSTILE: Record<string, object | string | null> = {
  'a-million-options': challenge({ topUpOptions: Array(1_000_000).fill(50_000) }),
  'ten-megabytes': challenge({ description: 'x'.repeat(10_000_000) }),
  'deep-nesting': `{"stripe402Version":1,"accepts":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  'half-a-json': '{"stripe402Version":1,"resource":{"url":"/x"},"accepts":[{"scheme":"str',
  'a-foreign-currency': challenge({ currency: 'zzz_not_a_currency' }),
  'a-negative-price': challenge({ amount: -100 }),
  'a-price-beyond-numbers': '{"stripe402Version":1,"resource":{"url":"/x"},"accepts":[{"amount":1e400}]}',
  'a-fraction': challenge({ amount: 0.5 }),
  'a-price-in-words': challenge({ amount: '100' }),
  'no-offers': challenge({}, { accepts: [] }),
  'another-scheme': challenge({ scheme: 'exact' }),
  'a-secret-key': challenge({ publishableKey: 'sk_live_stolen' }),
  'a-polluting-prototype': `{"__proto__":{"polluted":true},"stripe402Version":1,"resource":{"url":"/x"},"accepts":[{"__proto__":{"scheme":"stripe","currency":"usd","amount":1,"minTopUp":1,"publishableKey":"pk_test_x"}}]}`,
  null: 'null',
  // Well-formed, and to be refused for what they say.
  'a-currency-that-has-no-limit': challenge({ currency: 'zzz' }),
  'a-price-above-the-cap': challenge({ amount: 9_000_000_000_000, minTopUp: 9_000_000_000_000 }),
  'a-currency-twice': challenge({}, { accepts: [{ ...OFFER, amount: 20_000 }, OFFER] }),
  'another-publishable-key': challenge({ publishableKey: 'pk_live_of_somebody_else' }),
}

/** The names of all hostile challenges. */
export const HOSTILE_NAMES: string[] = Object.keys(HOSTILE)

/** Answers with one of them: in the header as far as Node's limits let it through, and in the body. */
export function hostileChallenge(name: string, response: ServerResponse): void {
  const what = HOSTILE[name] ?? null
  const text = typeof what === 'string' ? what : JSON.stringify(what)
  const header = typeof what === 'string' ? Buffer.from(what).toString('base64') : encodeHeader(what)
  response.writeHead(402, {
    'content-type': 'application/json',
    ...(header.length < 10_000 ? { [HEADERS.PAYMENT_REQUIRED]: header } : {}),
  })
  response.end(text)
}
