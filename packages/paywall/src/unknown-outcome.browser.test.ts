import type { PaymentContext, PaymentOutcome } from '@stripe402/client'
import { isClientId, type PaymentRequired } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { CloseEvent, Stripe402Paywall } from './index.js'

const CLIENT_ID: string = 'a'.repeat(64)

const challenge: PaymentRequired = {
  stripe402Version: 1,
  resource: { url: '/yearbook', description: 'Yearbook' },
  accepts: [
    {
      scheme: 'stripe',
      currency: 'usd',
      amount: 30_000,
      minTopUp: 50_000,
      publishableKey: 'pk_test_a',
      payee: { name: 'Forecast' },
      balance: 80_000,
    },
  ],
}

function contextWith(id: string): PaymentContext {
  return {
    id,
    // Nobody answers there: what is asked about stays unknown.
    origin: 'http://127.0.0.1:9',
    currency: 'usd',
    url: 'http://127.0.0.1:9/yearbook',
    method: 'GET',
    signal: new AbortController().signal,
    attempt: 1,
    savedCard: async () => null,
    reason: 'confirm',
    clientId: isClientId(CLIENT_ID) ? CLIENT_ID : undefined,
  }
}

const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
const alert = dialog.getByRole('alert')
const pending = { type: 'pending', retryAfterMs: 0 } as const
const context = contextWith('first')
let element: Stripe402Paywall

/** Presses Pay, and lets the server not know. */
async function payIntoTheUnknown(outcome: PaymentOutcome = pending): Promise<void> {
  void element.payer(challenge, context)
  await dialog.getByRole('button', { name: 'Pay $3.00' }).click()
  vi.useFakeTimers()
  element.payer.settled?.(outcome, context)
}

beforeEach(() => {
  document.documentElement.lang = 'en'
  element = document.createElement('stripe402-paywall')
  element.manual = true
  document.body.append(element)
})
afterEach(() => {
  vi.useRealTimers()
  element.remove()
})

describe('<stripe402-paywall> that does not know the outcome', () => {
  it('says so, forbids a second payment, and keeps checking', async () => {
    await payIntoTheUnknown()
    await expect.element(alert).toHaveTextContent('Please do not pay again')
    await expect.element(dialog.getByText('Checking…')).toBeVisible()
  })

  it('offers to check again once nobody asks any more', async () => {
    await payIntoTheUnknown()
    vi.advanceTimersByTime(30_000)
    vi.useRealTimers()
    await expect.element(alert).toHaveTextContent('There is still no answer')
    await dialog.getByRole('button', { name: 'Check again' }).click()
    // Nobody answers at that address, so the question comes back.
    await expect.element(dialog.getByRole('button', { name: 'Check again' })).toBeVisible()
  })

  it.each(['network', 'HTTP 502', 'unavailable'])(
    'does not take "%s" for a refusal of a card that was sent, and asks what came of it',
    async (error) => {
      await payIntoTheUnknown({ type: 'failed', error, isUnsure: true })
      await expect.element(alert).toHaveTextContent('Please do not pay again')
      await expect.element(dialog.getByText('Checking…')).toBeVisible()
      vi.advanceTimersByTime(2_000)
      vi.useRealTimers()
      await expect.element(alert).toHaveTextContent('There is still no answer')
      await expect.element(dialog.getByRole('button', { name: 'Check again' })).toBeVisible()
    },
  )

  it.each(['network', 'HTTP 502', 'unavailable'])(
    'does not say of credit, after "%s", that it was not spent, nor that it cannot be spent twice',
    async (error) => {
      await payIntoTheUnknown({ type: 'failed', error })
      await expect.element(alert).toHaveTextContent('may have been paid from your balance: look there first')
      await expect.element(dialog.getByText('We don’t know yet')).toBeVisible()
      await expect.element(alert).not.toHaveTextContent(/not charge|nothing was/i)
    },
  )

  it('takes what a later session hears of the same purchase', async () => {
    await payIntoTheUnknown()
    vi.advanceTimersByTime(30_000)
    vi.useRealTimers()
    const checkAgain = dialog.getByRole('button', { name: 'Check again' })
    await expect.element(checkAgain).toBeVisible()
    const button = checkAgain.element()
    // At once, before the address has refused to answer.
    if (button instanceof HTMLElement) button.click()
    element.payer.settled?.({ type: 'paid', receipt: null, status: 200 }, contextWith('second'))
    await expect.element(dialog.getByText('Paid', { exact: true })).toBeVisible()
  })

  it.each([
    ['pending', pending],
    ['failed', { type: 'failed', error: 'unavailable' }],
    ['paid', { type: 'paid', receipt: null, status: 200 }],
  ] as const)(
    'closes with the reason "%s" when the person puts that outcome away',
    async (reason, outcome) => {
      const closed = new Promise<CloseEvent>((resolve) =>
        element.addEventListener('stripe402-close', resolve),
      )
      await payIntoTheUnknown(outcome)
      element.hide()
      expect((await closed).reason).toBe(reason)
    },
  )

  it('says what it came to in the live region that said what went on', async () => {
    void element.payer(challenge, context)
    const status = dialog.getByRole('status')
    await expect.element(status).toBeInTheDocument()
    const region = status.element()
    await dialog.getByRole('button', { name: 'Pay $3.00' }).click()
    await expect.element(status).toHaveTextContent('Paying…')
    element.payer.settled?.({ type: 'paid', receipt: null, status: 200 }, context)
    await expect.element(status).toHaveTextContent('Paid. Loading your content…')
    expect(status.element()).toBe(region)
  })

  it('leaves the person four seconds to read that their card was not charged', async () => {
    if (!context.clientId) throw new Error('No client.')
    const asked = { ...context, id: 'typed', reason: 'payment' } as const
    void element.payer(challenge, asked)
    await expect.element(dialog).toBeVisible()
    vi.useFakeTimers()
    const receipt = { success: true, clientId: context.clientId, creditsRemaining: 50_000 } as const
    element.payer.settled?.({ type: 'paid', receipt, status: 200 }, asked)
    vi.advanceTimersByTime(3_900)
    await expect.element(dialog.getByText('your card was not charged').first()).toBeInTheDocument()
    vi.advanceTimersByTime(1_000)
    await expect.element(dialog).not.toBeInTheDocument()
  })

  it('ends when the answer comes after all', async () => {
    await payIntoTheUnknown()
    vi.useRealTimers()
    element.payer.settled?.({ type: 'failed', error: 'seller_misconfigured' }, context)
    await expect.element(alert).toHaveTextContent('The shop’s payment set-up is at fault')
  })
})
