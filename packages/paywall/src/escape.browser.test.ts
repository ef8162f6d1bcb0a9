import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../client/src/testing/seller-server.fixture.js'
import { openShop } from '../../client/src/testing/shop.fixture.js'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, mountQuietPaywall, newContext, standInForStripe } from './testing/asking.fixture.js'

let element: Stripe402Paywall

/** Asks for a payment. Resolves with what presses Escape in a field of the card form, once that is there. */
async function askWithCardForm(role: 'dialog' | 'region'): Promise<() => void> {
  let pressEscape = (): void => {}
  standInForStripe(element, {
    tells: 'ready',
    onMount: (_, tell) => {
      pressEscape = () => tell('escape')
    },
  })
  void element.payer(challengeOf(), newContext())
  const pay = page.getByRole(role, { name: 'Pay Forecast' }).getByRole('button', { name: 'Pay $5.00' })
  await expect.element(pay).toHaveAttribute('aria-disabled', 'false')
  return pressEscape
}

beforeEach(() => {
  element = mountQuietPaywall()
})
afterEach(() => {
  document.body.replaceChildren()
})

describe('Escape in a field of the card form', () => {
  it('closes the dialog', async () => {
    const pressEscape = await askWithCardForm('dialog')
    pressEscape()
    expect(page.getByRole('dialog').query()).toBeNull()
  })

  it('leaves a form that is a part of the page where it is', async () => {
    element.mode = 'page'
    element.src = openShop().url('/article')
    const pressEscape = await askWithCardForm('region')
    pressEscape()
    expect(page.getByRole('region', { name: 'Pay Forecast' }).query()).not.toBeNull()
  })
})
