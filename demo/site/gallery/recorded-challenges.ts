import type { PaymentRequired, PaymentRequirements } from '@stripe402/core'

const PAYEE = {
  name: 'Nordlys Weather',
  supportUrl: 'https://nordlys.example/help',
  termsUrl: 'https://nordlys.example/terms',
}

const REQUIREMENT: PaymentRequirements = {
  scheme: 'stripe',
  currency: 'usd',
  amount: 500,
  minTopUp: 50_000,
  maxTopUp: 5_000_000,
  topUpOptions: [50_000, 100_000, 200_000],
  publishableKey: 'pk_test_gallery',
  payee: PAYEE,
}

/** A 402 as a server sent it, with what differs. */
export function challengeWith(
  requirement: Partial<PaymentRequirements> = {},
  description: string | undefined = 'Forecast for Tromsø, next 7 days',
): PaymentRequired {
  return {
    stripe402Version: 1,
    resource: { url: '/v1/forecast?city=tromso', description },
    accepts: [{ ...REQUIREMENT, ...requirement }],
  }
}

/** A price above which a balance is not spent without a question. */
export const DEAR: PaymentRequired = challengeWith({ amount: 30_000 }, 'Yearbook 2025, PDF, 240 pages')
/** Credit for its own sake. */
export const TOP_UP: PaymentRequired = challengeWith({ amount: 0 }, 'Credit')

/** What a seller, or somebody who speaks in their name, might send. */
export const HOSTILE = {
  markup: challengeWith(
    { payee: { ...PAYEE, name: '<img src=x onerror=alert(1)> & Sons' } },
    '<script>alert(document.cookie)</script><b>Bold</b> &amp; "quoted"',
  ),
  long: challengeWith({}, 'A very long description that goes on and on. '.repeat(230).slice(0, 10_000)),
  oneWord: challengeWith(
    { payee: { ...PAYEE, name: 'Rindfleischetikettierung'.repeat(9) } },
    'x'.repeat(10_000),
  ),
  emoji: challengeWith(
    { payee: { ...PAYEE, name: '🌧️ מזג אוויר نورد' } },
    '🧑‍🚀👩‍👩‍👧‍👦 تقرير الطقس ليوم غد – תחזית 7 ימים 🌦️',
  ),
  currency: challengeWith({ currency: 'xts', topUpOptions: undefined }),
  absurd: challengeWith({
    amount: 90_000_000_000,
    balance: 9_007_199_254_740_991,
    minTopUp: 1,
    maxTopUp: Number.MAX_SAFE_INTEGER,
    topUpOptions: [9_999_999_900],
  }),
  beyond: challengeWith({ amount: Number.MAX_SAFE_INTEGER, topUpOptions: undefined }),
  bare: {
    stripe402Version: 1,
    resource: { url: '' },
    accepts: [
      { scheme: 'stripe', currency: 'usd', amount: 1, minTopUp: 0, publishableKey: 'pk_test_gallery' },
    ],
  } satisfies PaymentRequired,
} as const
