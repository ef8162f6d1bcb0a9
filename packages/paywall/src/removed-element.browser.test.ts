import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import './define.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, newContext, quietPaywall, standInForStripe } from './testing/asking.fixture.js'

const challenge = challengeOf()
const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
let element: Stripe402Paywall
let behind: HTMLElement

beforeEach(() => {
  document.documentElement.lang = 'en'
  behind = document.createElement('p')
  element = quietPaywall()
  document.body.replaceChildren(behind, element)
})
afterEach(() => {
  vi.restoreAllMocks()
  document.body.replaceChildren()
})

describe('<stripe402-paywall> that leaves the document', () => {
  it('answers null to the payments that wait behind the open one, too', async () => {
    const first = element.payer(challenge, newContext())
    const second = element.payer(challenge, newContext())
    const third = element.payer(challenge, newContext())
    await expect.element(dialog).toBeVisible()
    element.remove()
    expect(await Promise.all([first, second, third])).toEqual([null, null, null])
  })

  it('answers null when it is removed while what asks is on its way', async () => {
    const choice = element.payer(challenge, newContext())
    element.remove()
    expect(await choice).toBeNull()
  })

  it('answers null while it is outside, and asks again once it is back', async () => {
    element.remove()
    expect(await element.payer(challenge, newContext())).toBeNull()
    document.body.append(element)
    const choice = element.payer(challenge, newContext())
    await expect.element(dialog).toBeVisible()
    expect(element.querySelector('[slot=card]')).not.toBeNull()
    expect(behind.inert).toBe(true)
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await choice).toBeNull()
  })

  it('goes on with the payment that waited when it was only moved', async () => {
    const first = element.payer(challenge, newContext())
    const second = element.payer(challenge, newContext())
    await expect.element(dialog).toBeVisible()
    document.body.prepend(element)
    expect(await first).toBeNull()
    await expect.element(dialog).toBeVisible()
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await second).toBeNull()
  })

  it('keeps a card that was on its way from the payment that comes next', async () => {
    let give: (made: unknown) => void = () => {}
    const card = new Promise<unknown>((resolve) => {
      give = resolve
    })
    const isAsked = new Promise<void>((resolve) => {
      standInForStripe(element, {
        tells: 'ready',
        createPaymentMethod() {
          resolve()
          return card
        },
      })
    })
    const first = element.payer(challenge, newContext())
    const second = element.payer(challenge, newContext())
    await dialog.getByRole('button', { name: 'Pay $5.00' }).click()
    await isAsked
    document.body.prepend(element)
    expect(await first).toBeNull()
    await expect.element(dialog).toBeVisible()
    give({ paymentMethod: { id: 'pm_late' } })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    expect(await second).toBeNull()
  })

  it('watches nothing of the document while it is outside', async () => {
    const observe = vi.spyOn(MutationObserver.prototype, 'observe')
    element.remove()
    await element.payer(challenge, newContext())
    expect(observe).not.toHaveBeenCalledWith(document.documentElement, expect.anything())
    document.body.append(element)
    expect(observe).toHaveBeenCalledWith(document.documentElement, expect.anything())
  })
})
