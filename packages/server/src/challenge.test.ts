import {
  type PaymentRequired,
  type PaymentRequirements,
  readPaymentRequired,
  readPaymentRequiredBody,
  serializePaymentRequired,
} from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { challengeFor } from './challenge.js'
import type { PaidRequest } from './paid-request.js'
import { type PriceOptions, priceTag } from './price-tag.js'
import { resolveSettings, type Stripe402Options } from './settings.js'
import { MemoryStore } from './store/index.js'

const REQUEST: PaidRequest = { method: 'GET', url: '/x?a=1', header: () => undefined }

async function offers(
  price: PriceOptions,
  options: Partial<Stripe402Options> = {},
): Promise<PaymentRequirements[]> {
  const read = readPaymentRequired(serializePaymentRequired(await challenge(price, options)))
  if (!read.ok) throw new Error(read.detail)
  return read.value.accepts
}

async function challenge(
  price: PriceOptions,
  options: Partial<Stripe402Options> = {},
  request: PaidRequest = REQUEST,
): Promise<PaymentRequired> {
  const settings = resolveSettings({
    stripe: { secretKey: 'sk_test_local' },
    publishableKey: 'pk_test_local',
    secret: 'a secret of thirty-two bytes or more',
    store: new MemoryStore(),
    ...options,
  })
  const tag = priceTag(price, settings)
  return challengeFor(settings, request, { tag, amounts: await tag.amounts(request) })
}

describe('challengeFor', () => {
  it('offers the configured amounts for a small price', async () => {
    expect(await offers({ price: 100 })).toMatchObject([
      { amount: 100, minTopUp: 50_000, maxTopUp: 5_000_000, topUpOptions: [50_000, 100_000, 200_000] },
    ])
  })

  it('offers nothing that would not cover the price', async () => {
    expect(await offers({ price: '$10' })).toMatchObject([
      { amount: 100_000, minTopUp: 100_000, topUpOptions: [100_000, 200_000] },
    ])
  })

  it('offers the price itself, in whole cents, where every amount is smaller', async () => {
    expect(await offers({ price: 700_050 })).toMatchObject([
      { amount: 700_050, minTopUp: 700_100, topUpOptions: [700_100] },
    ])
  })

  it('goes beyond the largest top-up for a price that needs it', async () => {
    const [offer] = await offers({ price: '$600' })
    expect(offer).toMatchObject({ minTopUp: 6_000_000, maxTopUp: 6_000_000 })
  })

  it("takes a resource's own smallest top-up", async () => {
    expect(await offers({ price: 100, minTopUp: 150_000 })).toMatchObject([
      { minTopUp: 150_000, topUpOptions: [200_000] },
    ])
    expect(await offers({ price: 100, minTopUp: 300_000 })).toMatchObject([
      { minTopUp: 300_000, topUpOptions: [300_000, 600_000, 1_200_000] },
    ])
  })

  it("never goes below Stripe's minimum charge, in any currency", async () => {
    expect(await offers({ price: { usd: 100, jpy: 10_000 }, minTopUp: 500 })).toMatchObject([
      { currency: 'usd', minTopUp: 5000 },
      { currency: 'jpy', minTopUp: 500_000 },
    ])
  })

  it('names the payee, and one offer per currency, the preferred first', async () => {
    const payee = { name: 'Fair Weather Ltd', supportUrl: 'https://example.com/help' }
    const all = await offers({ price: { eur: 90, usd: 100 }, description: 'Weather' }, { payee })
    expect(all.map(({ currency, amount }) => [currency, amount])).toEqual([
      ['eur', 90],
      ['usd', 100],
    ])
    expect(all[0]).toMatchObject({ payee, description: 'Weather' })
  })

  it.each([9_999, 10_000, 10_001, 50_000])(
    'can be read with a description of %i characters that a function made',
    async (length) => {
      const price = { price: 100, description: () => 'a🌦'.repeat(length / 3 + 1).slice(0, length) }
      const read = readPaymentRequiredBody(JSON.stringify(await challenge(price)))
      if (!read.ok) throw new Error(read.detail)
      const description = read.value.resource.description ?? ''
      expect(description.length).toBeGreaterThanOrEqual(9_999)
      expect(() => encodeURI(description.slice(-3))).not.toThrow()
    },
  )

  it('can be read for the longest URL that a server takes', async () => {
    const request = { ...REQUEST, url: `/${'x'.repeat(16_000)}` }
    const body = JSON.stringify(await challenge({ price: 100 }, {}, request))
    expect(readPaymentRequiredBody(body)).toMatchObject({ ok: true })
  })
})
