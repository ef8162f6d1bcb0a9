import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, newContext, quietPaywall } from './testing/asking.fixture.js'

const challenge = challengeOf()
const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
const cancel = dialog.getByRole('button', { name: 'Cancel' })
let one: Stripe402Paywall
let other: Stripe402Paywall

/** Whether the page can be scrolled and reached again. */
const isFree = (): boolean =>
  document.documentElement.style.overflow === '' && document.querySelector('[inert]') === null

/** Lets an element ask, and waits until it has begun to. */
async function ask(element: Stripe402Paywall): Promise<{ choice: Promise<unknown> }> {
  const isDue = new Promise((resolve) => element.addEventListener('stripe402-payment-required', resolve))
  const choice = element.payer(challenge, newContext())
  await isDue
  return { choice }
}

beforeEach(() => {
  document.documentElement.lang = 'en'
  one = quietPaywall()
  other = quietPaywall()
  document.body.replaceChildren(document.createElement('p'), one, other)
})
afterEach(() => {
  document.body.replaceChildren()
})

describe('two <stripe402-paywall>', () => {
  it('ask one after the other, and give the page back', async () => {
    const { choice: first } = await ask(one)
    await expect.element(dialog).toBeVisible()
    const { choice: second } = await ask(other)
    await cancel.click()
    expect(await first).toBeNull()
    await expect.element(dialog).toBeVisible()
    expect(one.inert).toBe(true)
    await cancel.click()
    expect(await second).toBeNull()
    expect(isFree()).toBe(true)
  })

  it('ask with a dialog while a bar asks, which opens afterwards when somebody clicks for the same', async () => {
    one.prompt = 'bar'
    const { choice: first } = await ask(one)
    await expect.element(page.getByRole('button', { name: 'Not now' })).toBeVisible()
    const { choice: second } = await ask(other)
    await expect.element(dialog).toBeVisible()
    one.events.dispatchEvent(new CustomEvent('payment-required', { detail: {} }))
    await cancel.click()
    expect(await second).toBeNull()
    await expect.element(dialog).toBeVisible()
    expect(other.inert).toBe(true)
    await cancel.click()
    expect(await first).toBeNull()
    expect(isFree()).toBe(true)
  })

  it('free the page when the one with the dialog is removed', async () => {
    await ask(one)
    await expect.element(dialog).toBeVisible()
    const { choice } = await ask(other)
    one.remove()
    await cancel.click()
    expect(await choice).toBeNull()
    expect(isFree()).toBe(true)
  })
})
