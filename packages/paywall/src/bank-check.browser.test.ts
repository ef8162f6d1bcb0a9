import type { PaymentContext } from '@stripe402/client'
import { isClientId, isPurchaseId, type NextAction, type PaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, newContext, quietPaywall, stripeStandIn } from './testing/asking.fixture.js'

const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
const CLIENT_ID: string = 'a'.repeat(64)
const PURCHASE_ID: string = '00000000-0000-4000-8000-000000000000'
let element: Stripe402Paywall

/** A session of a person whose card the seller keeps. */
function contextWithCard(origin?: string): PaymentContext {
  return {
    ...newContext(origin),
    clientId: isClientId(CLIENT_ID) ? CLIENT_ID : undefined,
    savedCard: async () => ({ brand: 'visa', last4: '4242', expMonth: 1, expYear: 2034 }),
  }
}

function nextAction(): NextAction {
  if (!isPurchaseId(PURCHASE_ID)) throw new Error(`${PURCHASE_ID} is no purchase id.`)
  return {
    type: 'use_stripe_sdk',
    paymentIntentId: 'pi_1',
    clientSecret: 'pi_1_secret_1',
    purchaseId: PURCHASE_ID,
  }
}

function keepingCards(challenge: PaymentRequired): PaymentRequired {
  return { ...challenge, accepts: challenge.accepts.map((offer) => ({ ...offer, canSaveCard: true })) }
}

/** Pays with the kept card, up to where the bank is asked. */
async function payWithKeptCard(publishableKey: string): Promise<PaymentContext> {
  const context = contextWithCard('https://other.example')
  const choice = element.payer(keepingCards(challengeOf(publishableKey)), context)
  await dialog.getByRole('button', { name: 'Visa ending 4242' }).click()
  expect(await choice).toMatchObject({ savedCard: true })
  return context
}

beforeEach(() => {
  document.documentElement.lang = 'en'
  element = quietPaywall()
  document.body.replaceChildren(element)
})
afterEach(() => {
  vi.useRealTimers()
  document.body.replaceChildren()
})

describe('<stripe402-paywall> whose bank asks', () => {
  it('asks with the Stripe of the seller who is paid, whoever was to be paid before', async () => {
    const asked: string[] = []
    element.loadStripe = async (publishableKey) => {
      const handleNextAction = async (): Promise<void> => void asked.push(publishableKey)
      return stripeStandIn({ tells: 'ready', handleNextAction })
    }
    const first = element.payer(challengeOf('pk_test_a'), newContext())
    await expect
      .element(dialog.getByRole('button', { name: 'Pay $5.00' }))
      .toHaveAttribute('aria-disabled', 'false')
    element.hide()
    await first
    const context = await payWithKeptCard('pk_test_b')
    await element.payer.authenticate?.(nextAction(), context)
    expect(asked).toEqual(['pk_test_b'])
  })

  it('loads Stripe anew when it did not come for the check before', async () => {
    const handleNextAction = vi.fn(async () => ({}))
    const stripe = stripeStandIn({ handleNextAction })
    element.loadStripe = async () => null
    const context = await payWithKeptCard('pk_test_a')
    await element.payer.authenticate?.(nextAction(), context)
    element.loadStripe = async () => stripe
    await element.payer.authenticate?.(nextAction(), context)
    expect(handleNextAction).toHaveBeenCalledOnce()
  })

  it('lets the person leave a check that does not end after a minute, and asks the server instead', async () => {
    const isAsked = new Promise<void>((resolve) => {
      const handleNextAction = (): Promise<unknown> => {
        resolve()
        return new Promise(() => {})
      }
      element.loadStripe = async () => stripeStandIn({ handleNextAction })
    })
    const context = await payWithKeptCard('pk_test_a')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const checked = element.payer.authenticate?.(nextAction(), context)
    await isAsked
    vi.advanceTimersByTime(59_000)
    element.hide()
    expect(element.matches(':state(paying)')).toBe(true)
    vi.advanceTimersByTime(1_000)
    vi.useRealTimers()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await checked
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('Please do not pay again')
    expect(element.matches(':state(paying)')).toBe(false)
    // The bank is still waited for, says the server: it is not asked again.
    await element.payer.authenticate?.(nextAction(), context)
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('Please do not pay again')
    element.hide()
    await expect.element(dialog).not.toBeInTheDocument()
  })
})
