import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, newContext, quietPaywall, standInForStripe } from './testing/asking.fixture.js'

const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
let element: Stripe402Paywall

beforeEach(() => {
  document.documentElement.lang = 'en'
  element = quietPaywall()
  document.body.replaceChildren(element)
})
afterEach(() => {
  vi.useRealTimers()
  document.body.replaceChildren()
})

describe('<stripe402-paywall> whose card form does not come', () => {
  it('makes another one for each “Try again”', async () => {
    const onMount = vi.fn()
    standInForStripe(element, { tells: 'loaderror', onMount })
    void element.payer(challengeOf(), newContext())
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(() => onMount).toHaveBeenCalledTimes(2)
    // The button has gone; the focus has not.
    expect(element.shadowRoot?.activeElement).not.toBeNull()
    standInForStripe(element, { tells: 'ready' })
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await expect
      .element(dialog.getByRole('button', { name: 'Pay $5.00' }))
      .toHaveAttribute('aria-disabled', 'false')
  })

  it('says so when the form has told nothing for ten seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const isMounted = new Promise<void>((resolve) => standInForStripe(element, { onMount: () => resolve() }))
    void element.payer(challengeOf(), newContext())
    await isMounted
    await vi.advanceTimersByTimeAsync(10_000)
    vi.useRealTimers()
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('The card form did not load')
  })
})
