import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import {
  challengeOf,
  mountQuietPaywall,
  newContext,
  type StripeStandIn,
  standInForStripe,
} from './testing/asking.fixture.js'

const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
const pay = dialog.getByRole('button', { name: 'Pay $5.00' })
const field = page.getByRole('textbox', { name: 'Card number' })
const missing = { error: { type: 'validation_error' } }
let element: Stripe402Paywall

/** Whether the place of the card form is out of reach. */
const isInert = (): boolean | undefined => element.shadowRoot?.querySelector<HTMLElement>('.frame')?.inert

/** Opens a dialog whose card form is one field, in the place of Stripe's frame. */
async function openWithField(stripe: StripeStandIn): Promise<void> {
  const onMount = (node: HTMLElement): void => {
    node.innerHTML = '<input aria-label="Card number">'
  }
  standInForStripe(element, { tells: 'ready', onMount, ...stripe })
  void element.payer(challengeOf(), newContext())
  await expect.element(pay).toHaveAttribute('aria-disabled', 'false')
}

beforeEach(() => {
  element = mountQuietPaywall()
})
afterEach(() => {
  document.body.replaceChildren()
})

describe('<stripe402-paywall> whose card is incomplete', () => {
  it('says so, and leaves the person in the field that Enter was pressed in', async () => {
    const wasInert: unknown[] = []
    const submit = async (): Promise<unknown> => {
      wasInert.push(isInert())
      return missing
    }
    await openWithField({ submit })
    await userEvent.type(field, '42{Enter}')
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('Check the card details')
    await expect.element(field).toHaveFocus()
    expect(wasInert).toEqual([false])
  })

  it('takes the person back where they were when the fault is found late', async () => {
    await openWithField({ createPaymentMethod: async () => missing })
    await userEvent.type(field, '42{Enter}')
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('Check the card details')
    await expect.element(field).toHaveFocus()
  })

  it('leaves the focus on Pay where that was pressed', async () => {
    await openWithField({ submit: async () => missing })
    await pay.click()
    await expect.element(dialog.getByRole('alert')).toHaveTextContent('Check the card details')
    expect(element.shadowRoot?.activeElement).toBe(pay.element())
  })

  it('puts a complete form out of reach while it pays', async () => {
    await openWithField({ createPaymentMethod: () => new Promise(() => {}) })
    expect(isInert()).toBe(false)
    await pay.click()
    await expect.poll(isInert).toBe(true)
  })
})
