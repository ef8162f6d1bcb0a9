import type { PaymentRequired, PaymentRequirements } from '@stripe402/core'
import { describe, expect, it } from 'vitest'
import { leftAfter, type Offer, offerFrom, requestsFor } from './offer.js'

const requirement: PaymentRequirements = {
  scheme: 'stripe',
  currency: 'usd',
  amount: 500,
  minTopUp: 50_000,
  publishableKey: 'pk_test_a',
  topUpOptions: [50_000, 100_000, 200_000],
  payee: { name: 'The Daily Forecast' },
}
const context = { origin: 'https://api.forecast.example', currency: 'usd' }

function offer(changes: Partial<PaymentRequirements> = {}, description = 'Weather'): Offer {
  const challenge: PaymentRequired = {
    stripe402Version: 1,
    resource: { url: '/', description },
    accepts: [{ ...requirement, ...changes }],
  }
  const made = offerFrom(challenge, context)
  if (!made) throw new Error('no offer')
  return made
}

describe('offerFrom', () => {
  it('names the payee and the place that asks', () => {
    expect(offer()).toMatchObject({ payee: 'The Daily Forecast', host: 'api.forecast.example' })
  })

  it('falls back to the place when nobody says who is paid', () => {
    expect(offer({ payee: undefined }).payee).toBe('api.forecast.example')
  })

  it('takes a price of nothing for a top-up', () => {
    expect(offer({ amount: 0 }).purpose).toBe('top-up')
  })

  it.each([
    [undefined, 'confirm'],
    [500, 'confirm'],
    [499, 'request'],
    [0, 'request'],
  ])('is asked for a yes with a balance of %j: %s', (balance, purpose) => {
    const challenge: PaymentRequired = { stripe402Version: 1, resource: { url: '/' }, accepts: [requirement] }
    expect(offerFrom(challenge, { ...context, reason: 'confirm', balance })).toMatchObject({ purpose })
    const told = { ...challenge, accepts: [{ ...requirement, balance: balance ?? 500 }] }
    expect(offerFrom(told, { ...context, reason: 'confirm', balance: 50_000 })).toMatchObject({ purpose })
  })

  it('is null in a currency that is not accepted', () => {
    const challenge: PaymentRequired = { stripe402Version: 1, resource: { url: '/' }, accepts: [requirement] }
    expect(offerFrom(challenge, { ...context, currency: 'eur' })).toBeNull()
  })

  it('offers only amounts that cover the price', () => {
    expect(offer({ amount: 150_000 }).choices).toEqual([200_000])
    expect(offer({ amount: 150_000, balance: 60_000 }).choices).toEqual([100_000, 200_000])
  })

  it('makes three amounts of its own when the seller names none', () => {
    expect(offer({ topUpOptions: undefined }).choices).toEqual([50_000, 100_000, 200_000])
  })

  it('shows what is really charged: whole cents', () => {
    expect(offer({ topUpOptions: [50_001] }).choices).toEqual([50_100])
  })

  it('stays below the maximum', () => {
    expect(offer({ maxTopUp: 100_000 }).choices).toEqual([50_000, 100_000])
  })

  it('cuts an endless description without tearing an emoji', () => {
    const { description = '' } = offer({}, '🎉'.repeat(5000))
    expect(Array.from(description)).toHaveLength(160)
    expect(description).toMatch(/^🎉+…$/u)
  })
})

describe('requestsFor', () => {
  it('counts whole requests', () => {
    expect(requestsFor(50_000, offer())).toBe(100)
    expect(requestsFor(50_000, offer({ amount: 700 }))).toBe(71)
    expect(requestsFor(50_000, offer({ amount: 0 }))).toBe(0)
  })
})

describe('leftAfter', () => {
  it('adds the top-up to the balance and takes the price off', () => {
    expect(leftAfter(50_000, offer({ balance: 300 }))).toBe(49_800)
  })
})
