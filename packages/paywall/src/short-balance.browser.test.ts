import type { PaymentContext } from '@stripe402/client'
import { isClientId, type PaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, mountQuietPaywall, newContext } from './testing/asking.fixture.js'

const CLIENT_ID: string = 'a'.repeat(64)
const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
const keptCard = dialog.getByRole('button', { name: 'Visa ending 4242 · Pay $5.00' })
let element: Stripe402Paywall

/** What costs $5, of a seller who keeps cards. */
function dear(rest: Partial<PaymentRequired> = {}): PaymentRequired {
  const { accepts, ...challenge } = challengeOf()
  return {
    ...challenge,
    ...rest,
    accepts: accepts.map((offer) => ({ ...offer, amount: 50_000, canSaveCard: true })),
  }
}

/** Somebody known, with a kept card, whom the client asks because the price is high. */
function known(balance: number | undefined): PaymentContext {
  return {
    ...newContext(),
    reason: 'confirm',
    balance,
    clientId: isClientId(CLIENT_ID) ? CLIENT_ID : undefined,
    savedCard: async () => ({ brand: 'visa', last4: '4242', expMonth: 1, expYear: 2034 }),
  }
}

beforeEach(() => {
  element = mountQuietPaywall()
})
afterEach(() => {
  document.body.replaceChildren()
})

describe('<stripe402-paywall> that is asked to confirm a high price', () => {
  it('offers the amounts and the kept card where the balance does not cover it', async () => {
    const choice = element.payer(dear(), known(0))
    await expect.element(dialog.getByRole('radio', { name: '$5.00' })).toBeChecked()
    await keptCard.click()
    expect(await choice).toEqual({ savedCard: true, topUpAmount: 50_000, currency: 'usd' })
  })

  it('offers them, too, once the server has said that the balance it was asked to spend is gone', async () => {
    const context = known(60_000)
    const yes = element.payer(dear(), context)
    await dialog.getByRole('button', { name: 'Pay $5.00' }).click()
    expect(await yes).toEqual({ clientId: CLIENT_ID, currency: 'usd' })
    const short = { ...context, attempt: 2, reason: 'declined', balance: 0 } as const
    const choice = element.payer(dear({ error: 'insufficient_credits' }), short)
    await keptCard.click()
    expect(await choice).toMatchObject({ savedCard: true })
  })

  it('says no negative sum where nobody knows the balance', async () => {
    void element.payer(dear(), known(undefined))
    await expect.element(dialog.getByRole('button', { name: 'Pay $5.00' })).toBeVisible()
    await expect.element(dialog).toHaveTextContent('Left after this request–')
  })
})
