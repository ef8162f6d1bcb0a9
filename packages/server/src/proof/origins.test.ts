import { describe, expect, it } from 'vitest'
import { openSeller, requestWith } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { newDevice } from './device.fixture.js'

const HERE = { method: 'POST', url: '/.well-known/stripe402/top-up' }
const OWN = 'https://shop.example'

/** Whether a proof for the URL of this origin gets the session of a key. */
async function isProof(origin: string, options: Pick<Stripe402Options, 'origins'>): Promise<boolean> {
  const seller = openSeller(options)
  const wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }
  const signed = newDevice().sign(wish, HERE, { claims: { htu: origin + HERE.url } })
  const answer = await seller.stripe402.topUp(requestWith(signed))
  await seller.close()
  return JSON.parse(answer.body).session !== undefined
}

describe('a proof of a key', () => {
  it.each([
    [OWN, true],
    ['https://www.shop.example', true],
    ['https://evil.example', false],
    ['http://shop.example', false],
    ['https://shop.example:8443', false],
    ['https://shop.example.evil.example', false],
  ])('for %s, where the seller has named their origins, is good: %s', async (origin, isGood) => {
    expect(await isProof(origin, { origins: [OWN, 'https://www.shop.example'] })).toBe(isGood)
  })

  it('is good for any origin where the seller has named none', async () => {
    expect(await isProof('https://another.example', {})).toBe(true)
  })
})
