import { encodeHeader, HEADERS } from '@stripe402/core'
import { describe, expect, test } from 'vitest'
import { cards } from './testing/cards.fixture.js'
import { paying } from './testing/native.fixture.js'
import { ownAccount } from './testing/own-seller.fixture.js'

const challenge = {
  stripe402Version: 1,
  resource: { url: '/' },
  accepts: [
    { scheme: 'stripe', currency: 'usd', amount: 100, minTopUp: 5000, publishableKey: 'pk_test_own' },
  ],
}
const receipt = { success: true, clientId: ownAccount('usd'), creditsRemaining: 900 }

/** A `fetch` whose responses are not the platform's: 402 at first, served when it is paid. */
function foreignFetch(members: object): typeof fetch {
  return async (_input, init) => {
    const isPaid = new Headers(init?.headers).has(HEADERS.PAYMENT)
    const headers: HeadersInit = isPaid
      ? { [HEADERS.PAYMENT_RESPONSE]: encodeHeader(receipt) }
      : { [HEADERS.PAYMENT_REQUIRED]: encodeHeader(challenge) }
    const response = new Response('{}', { status: isPaid ? 200 : 402, headers })
    return Object.defineProperties(response, Object.getOwnPropertyDescriptors(members))
  }
}

describe('wrapFetch over another fetch', () => {
  test.each<[string, object, number]>([
    ['a body that cannot be cancelled', { body: { pipe() {} } }, 200],
    ['no URL', { url: '' }, 200],
    ['a relative URL', { url: '/there' }, 200],
    ['what is no URL', { url: 'http://[' }, 402],
  ])('does not reject because its responses have %s', async (_what, members, status) => {
    const payer = cards('pm_good')
    const response = await paying({ payer }, foreignFetch(members))('http://seller.test/')
    expect(response.status).toBe(status)
    expect(payer.asked).toHaveLength(status === 200 ? 1 : 0)
  })
})
