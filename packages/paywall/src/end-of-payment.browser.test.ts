import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../client/src/testing/seller-server.fixture.js'
import { openShop } from '../../client/src/testing/shop.fixture.js'
import './define.js'
import type { CloseEvent, Stripe402Paywall } from './index.js'
import { challengeOf, newContext, quietPaywall, standInForStripe } from './testing/asking.fixture.js'

const challenge = challengeOf()
let element: Stripe402Paywall

/** Pays for one request. Resolves with why the dialog has closed. */
async function pay(role: 'dialog' | 'region'): Promise<string> {
  const closed = new Promise<CloseEvent>((resolve) => element.addEventListener('stripe402-close', resolve))
  const context = newContext()
  const choice = element.payer(challenge, context)
  await page.getByRole(role).getByRole('button', { name: 'Pay $5.00' }).click()
  await choice
  element.payer.settled?.({ type: 'paid', receipt: null, status: 200 }, context)
  return (await closed).reason
}

beforeEach(() => {
  document.documentElement.lang = 'en'
  element = quietPaywall()
  standInForStripe(element, {
    tells: 'ready',
    createPaymentMethod: async () => ({ paymentMethod: { id: 'pm_1' } }),
  })
  document.body.replaceChildren(element)
})
afterEach(() => {
  document.adoptedStyleSheets = []
  document.body.replaceChildren()
})

describe('<stripe402-paywall> that was paid through', () => {
  it('closes as a part of the page, and asks for the next payment', async () => {
    element.mode = 'page'
    element.src = openShop().url('/article')
    expect(await pay('region')).toBe('paid')
    void element.payer(challenge, newContext())
    await expect.element(page.getByRole('button', { name: 'Pay $5.00' })).toBeEnabled()
  })

  it('closes where the page lets nothing move', async () => {
    const still = new CSSStyleSheet()
    still.replaceSync('stripe402-paywall::part(overlay) { animation: none }')
    document.adoptedStyleSheets = [still]
    expect(await pay('dialog')).toBe('paid')
  })

  it('closes although the page hides it', async () => {
    element.addEventListener('stripe402-paid', () => {
      element.style.display = 'none'
    })
    expect(await pay('dialog')).toBe('paid')
  })
})
