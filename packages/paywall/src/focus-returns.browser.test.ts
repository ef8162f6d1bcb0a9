import { render } from 'lit/html.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page } from 'vitest/browser'
import type {} from '../../client/src/testing/seller-server.fixture.js'
import { openShop } from '../../client/src/testing/shop.fixture.js'
import './define.js'
import type { HistoryEntry } from './balance/history.js'
import type { Stripe402Paywall } from './index.js'
import { challengeOf, newContext, quietPaywall, standInForStripe } from './testing/asking.fixture.js'
import { balanceView, type KnownHistory } from './views/balance-view.js'

const dialog = page.getByRole('dialog', { name: 'Pay Forecast' })
let element: Stripe402Paywall

beforeEach(() => {
  document.documentElement.lang = 'en'
  element = quietPaywall()
  document.body.innerHTML = '<button>Get</button>'
  document.body.append(element)
})
afterEach(() => document.body.replaceChildren())

/** Puts the focus on a button of the page. */
function focusOn(name: string): Element {
  const button = page.getByRole('button', { name }).element()
  if (button instanceof HTMLElement) button.focus()
  return button
}

describe('the focus', () => {
  it('returns to an opener among the children of the paywall', async () => {
    element.innerHTML = '<button>Read</button>'
    const opener = focusOn('Read')
    void element.payer(challengeOf(), newContext())
    await expect.element(dialog).toBeVisible()
    expect(document.activeElement).toBe(element)
    element.hide()
    expect(document.activeElement).toBe(opener)
  })

  it('returns to where it was before the bar that opened the dialog', async () => {
    element.prompt = 'bar'
    const opener = focusOn('Get')
    void element.payer(challengeOf(), newContext())
    await page.getByRole('button', { name: 'Continue for $0.05' }).click()
    await expect.element(dialog).toBeVisible()
    element.hide()
    await expect.element(dialog).not.toBeInTheDocument()
    expect(document.activeElement).toBe(opener)
  })

  it('returns to where it was before the bar when the bar is put away', async () => {
    element.prompt = 'bar'
    const opener = focusOn('Get')
    void element.payer(challengeOf(), newContext())
    await page.getByRole('button', { name: 'Not now' }).click()
    expect(document.activeElement).toBe(opener)
    // Nobody listens there.
    await element.topUp('http://127.0.0.1:9').catch(() => {})
    await page.getByRole('button', { name: 'Close' }).click()
    expect(document.activeElement).toBe(opener)
  })

  it.each([null, 'page'])(
    'goes, in the mode %j, to the paid content when the panel that opened the dialog makes room for it',
    async (mode) => {
      standInForStripe(element, {
        tells: 'ready',
        createPaymentMethod: async () => ({ paymentMethod: { id: 'pm_good_1' } }),
      })
      element.mode = mode
      element.src = openShop().url('/sold/article')
      if (mode === null) await page.getByRole('button', { name: /^Continue for/ }).click()
      await page.getByRole('button', { name: /^Pay/ }).click()
      await expect.poll(() => element.querySelector('pre')?.textContent).toContain('GET')
      expect(document.activeElement).toBe(element.querySelector('pre'))
    },
  )
})

describe('“Show more” of the balance', () => {
  const entry: HistoryEntry = { id: '1', atMs: 0, kind: 'top_up', units: 50_000, reference: 'ch_1' }
  const context = { locale: 'en', isLow: false, topUp() {}, more() {}, signOut() {} }

  function draw(step: KnownHistory['step']): void {
    const balance = { origin: 'https://forecast.example', currency: 'usd', units: 50_000 }
    render(balanceView(balance, { entries: [entry], step }, context), document.body)
  }

  it('keeps its place and the focus while more is on its way, and when it does not come', () => {
    draw('more')
    const button = focusOn('Show more')
    draw('loading-more')
    expect(button.getAttribute('aria-busy')).toBe('true')
    draw('unavailable')
    expect(button.getAttribute('aria-busy')).toBe('false')
    expect(page.getByRole('alert').element().textContent).toBe('This could not be loaded.')
    expect(document.activeElement).toBe(button)
  })
})
