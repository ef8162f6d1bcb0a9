import { describe, expect, it } from 'vitest'
import type { Offer } from './offer.js'
import {
  canClose,
  canPay,
  chosenUnits,
  type PaywallAction,
  type PaywallState,
  reduce,
} from './paywall-state.js'

const offer: Offer = {
  purpose: 'request',
  payee: 'Forecast',
  origin: 'https://forecast.example',
  host: 'forecast.example',
  description: 'Weather',
  currency: 'usd',
  price: 500,
  balance: 0,
  choices: [50_000, 100_000],
  minTopUp: 50_000,
  maxTopUp: 500_000,
  publishableKey: 'pk_test_a',
  supportUrl: undefined,
  termsUrl: undefined,
  canKeepCard: true,
}
const declined = { kind: 'declined', code: 'insufficient_funds' } as const

function after(...actions: PaywallAction[]): PaywallState {
  return actions.reduce<PaywallState>(reduce, { step: 'closed' })
}
const ask: PaywallAction = { type: 'ask', offer, problem: undefined }
const ready: PaywallAction = { type: 'card', card: 'ready' }
const pay: PaywallAction = { type: 'pay' }

describe('reduce', () => {
  it('opens with the first choice while the card form loads', () => {
    expect(after(ask)).toEqual({
      step: 'choosing',
      offer,
      amount: { kind: 'choice', units: 50_000 },
      card: 'loading',
      isOffline: false,
      saved: undefined,
      keepsCard: false,
      problem: undefined,
    })
  })

  it('does not pay before the card form is ready', () => {
    const loading = after(ask)
    expect(reduce(loading, pay)).toBe(loading)
  })

  it('answers the second press of Pay with the very same state', () => {
    const paying = after(ask, ready, pay)
    expect(paying.step).toBe('paying')
    expect(reduce(paying, pay)).toBe(paying)
  })

  it('holds the amount fast while a payment is on its way', () => {
    const paying = after(ask, ready, pay)
    expect(reduce(paying, { type: 'choose', amount: { kind: 'choice', units: 100_000 } })).toBe(paying)
  })

  it('keeps the chosen amount and the card form over a decline', () => {
    const choose: PaywallAction = { type: 'choose', amount: { kind: 'choice', units: 100_000 } }
    expect(after(ask, ready, choose, pay, { ...ask, problem: declined })).toMatchObject({
      step: 'choosing',
      amount: { units: 100_000 },
      card: 'ready',
      problem: declined,
    })
  })

  it('pays with a kept card without waiting for a form, and asks for another card after a refusal', () => {
    const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2034 }
    const kept = after(ask, { type: 'keep', change: { saved: card, card: 'ready' } })
    expect(canPay(kept)).toBe(true)
    const paying = reduce(kept, pay)
    expect(paying).toMatchObject({ step: 'paying', saved: card })
    expect(reduce(paying, { type: 'keep', change: { saved: undefined, card: 'loading' } })).toBe(paying)
    const refused = reduce(paying, { ...ask, problem: declined })
    expect(refused).toMatchObject({ step: 'choosing', saved: undefined, problem: declined })
    expect(canPay(refused)).toBe(false)
    expect(
      canPay(
        after(
          ask,
          { type: 'keep', change: { saved: card, card: 'ready' } },
          { type: 'keep', change: { saved: undefined, card: 'loading' } },
        ),
      ),
    ).toBe(false)
  })

  it('keeps a card only while somebody says so, and remembers it over a decline', () => {
    expect(after(ask)).toMatchObject({ keepsCard: false })
    const keeps = after(ask, ready, { type: 'keep', change: { keepsCard: true } })
    expect(after(ask, ready, { type: 'keep', change: { keepsCard: true } }, pay)).toMatchObject({
      keepsCard: true,
    })
    expect(reduce(reduce(keeps, pay), { ...ask, problem: declined })).toMatchObject({ keepsCard: true })
    expect(reduce(keeps, { type: 'keep', change: { keepsCard: false } })).toMatchObject({ keepsCard: false })
    expect(reduce(reduce(keeps, { type: 'close' }), ask)).toMatchObject({ keepsCard: false })
  })

  it('falls back to the first choice when the chosen one is not offered any more', () => {
    const less = { ...offer, choices: [200_000] }
    expect(after(ask, ready, pay, { ...ask, offer: less })).toMatchObject({ amount: { units: 200_000 } })
  })

  it('asks for a new card form when the next offer belongs to another account', () => {
    const other = { ...offer, publishableKey: 'pk_test_b' }
    expect(after(ask, ready, { ...ask, offer: other })).toMatchObject({ card: 'loading' })
  })

  it('goes to the bank and back', () => {
    const authenticating = after(ask, ready, pay, { type: 'authenticate', isFree: false })
    expect(authenticating.step).toBe('authenticating')
    expect(reduce(authenticating, { type: 'authenticated' }).step).toBe('paying')
  })

  it('never leads from an unknown outcome back to a form that pays', () => {
    const unknown = after(ask, ready, pay, { type: 'pending' })
    expect(unknown.step).toBe('unknown')
    for (const action of [pay, ready, { type: 'refuse', problem: undefined }] satisfies PaywallAction[])
      expect(reduce(unknown, action).step).toBe('unknown')
  })

  it('starts afresh for the request after a paid one', () => {
    const paid = after(ask, ready, pay, { type: 'paid', left: 49_500, isCharged: true })
    expect(reduce(paid, ask)).toMatchObject({ step: 'choosing', card: 'loading' })
  })

  it('ignores news of a dialog that is closed', () => {
    const closed = after(ask, { type: 'close' })
    expect(reduce(closed, { type: 'paid', left: 1, isCharged: true })).toBe(closed)
  })

  it('needs no card form when the balance pays', () => {
    const confirm = after({ ...ask, offer: { ...offer, purpose: 'confirm', price: 20_000 } })
    expect(canPay(confirm)).toBe(true)
    expect(reduce(confirm, pay).step).toBe('paying')
  })
})

describe('canClose', () => {
  it('is false exactly while money may be moving with nobody told', () => {
    expect(canClose(after(ask))).toBe(true)
    expect(canClose(after(ask, ready, pay))).toBe(false)
    expect(canClose(after(ask, ready, pay, { type: 'authenticate', isFree: true }))).toBe(false)
    expect(canClose(after(ask, ready, pay, { type: 'pending' }))).toBe(true)
  })

  it('is true of a bank’s check that takes too long', () => {
    const late = after(ask, ready, pay, { type: 'authenticate', isFree: false }, { type: 'late' })
    expect(canClose(late)).toBe(true)
    expect(reduce(late, { type: 'authenticated' })).toMatchObject({ step: 'paying' })
  })
})

describe('chosenUnits', () => {
  it.each([
    [75_000, 75_000],
    [50_000, 50_000],
    [49_900, null],
    [500_000, 500_000],
    [500_100, null],
    [null, null],
  ])('takes %j units of one’s own as %j', (typed, units) => {
    expect(chosenUnits({ offer, amount: { kind: 'own', text: '', units: typed } })).toBe(units)
  })
})
