import type { BrowserContext, Page } from '@playwright/test'
import { readPayment } from '@stripe402/core'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer, lastAnswerText, requestsTo } from './playground.js'
import { CARDS } from './stripe-frames.js'

/** Opens this many tabs of one browser. */
function openTabs(context: BrowserContext, count: number): Promise<Page[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const page = await context.newPage()
      await page.goto('/playground')
      return page
    }),
  )
}

/** Waits for the only dialog of all tabs. */
async function tabThatAsks(tabs: Page[]): Promise<Page> {
  const open = async (): Promise<Page[]> => {
    const visible = await Promise.all(tabs.map((tab) => dialogOf(tab).isVisible()))
    return tabs.filter((_, index) => visible[index])
  }
  await expect.poll(async () => (await open()).length).toBe(1)
  const [tab] = await open()
  if (!tab) throw new Error('The dialog has closed.')
  return tab
}

test.describe('several tabs', () => {
  test('with five requests each share one dialog, one PaymentIntent, and get 25 answers', async ({
    context,
    demo,
    watch: _watch,
  }) => {
    const tabs = await openTabs(context, 5)
    await Promise.all(tabs.map((tab) => callButton(tab, 'Five at once').click()))
    await expect.poll(() => requestsTo(demo, '/api/joke').length).toBe(25)
    await payWith(await tabThatAsks(tabs), CARDS.good)

    for (const tab of tabs) {
      await expect(lastAnswer(tab)).toContainText('200 OK')
      expect((await lastAnswerText(tab)).match(/^200 OK$/gm)).toHaveLength(5)
      await expect(dialogOf(tab)).toBeHidden()
      await expect(balance(tab, '$4.75')).toBeVisible()
    }
    expectOneCharge(demo)
    expect(demo.stripe.state.paymentIntents()).toHaveLength(1)
    expect(requestsTo(demo, '/api/joke')).toHaveLength(50)
  })

  test('take no for an answer together', async ({ context, demo, watch: _watch }) => {
    const tabs = await openTabs(context, 3)
    await Promise.all(tabs.map((tab) => callButton(tab, 'Joke with fetch').click()))
    await expect.poll(() => requestsTo(demo, '/api/joke').length).toBe(3)
    const tab = await tabThatAsks(tabs)
    await tab.keyboard.press('Escape')
    for (const each of tabs) {
      await expect(lastAnswer(each)).toContainText('402 Payment Required')
      await expect(dialogOf(each)).toBeHidden()
    }
    expect(requestsTo(demo, '/api/joke')).toHaveLength(3)
  })

  test('that wait say so, until the payment elsewhere is over', async ({ context, demo, watch: _watch }) => {
    const tabs = await openTabs(context, 2)
    await Promise.all(tabs.map((tab) => callButton(tab, 'Joke with fetch').click()))
    await expect.poll(() => requestsTo(demo, '/api/joke').length).toBe(2)
    const asking = await tabThatAsks(tabs)
    const waiting = tabs.filter((tab) => tab !== asking)
    for (const tab of waiting) {
      const notice = tab.getByRole('region', { name: 'You are paying in another tab' })
      await expect(notice.getByRole('status')).toContainText('close that tab')
      await payWith(asking, CARDS.good)
      await expect(lastAnswer(tab)).toContainText('200 OK')
      await expect(notice).toBeHidden()
    }
    expectOneCharge(demo)
  })

  test('can put away that another one is paying', async ({ context, demo, watch: _watch }) => {
    const tabs = await openTabs(context, 2)
    await Promise.all(tabs.map((tab) => callButton(tab, 'Joke with fetch').click()))
    await expect.poll(() => requestsTo(demo, '/api/joke').length).toBe(2)
    const asking = await tabThatAsks(tabs)
    for (const tab of tabs.filter((each) => each !== asking)) {
      const notice = tab.getByRole('region', { name: 'You are paying in another tab' })
      await notice.getByRole('button', { name: 'Close' }).click()
      await expect(notice).toBeHidden()
      await asking.keyboard.press('Escape')
      await expect(lastAnswer(tab)).toContainText('402 Payment Required')
    }
    demo.stripe.log.assertNoCharge()
  })

  test('go on asking when the tab that asked is closed', async ({ context, demo, watch: _watch }) => {
    const tabs = await openTabs(context, 2)
    await Promise.all(tabs.map((tab) => callButton(tab, 'Joke with fetch').click()))
    await expect.poll(() => requestsTo(demo, '/api/joke').length).toBe(2)
    const first = await tabThatAsks(tabs)
    await first.close()
    const rest = tabs.filter((tab) => tab !== first)
    const next = await tabThatAsks(rest)
    await payWith(next, CARDS.good)
    await expect(lastAnswer(next)).toContainText('200 OK')
    expectOneCharge(demo)
  })
})

test('a tab that is reloaded before the answer comes finds its purchase: one charge', async ({
  page,
  demo,
}) => {
  const purchases = new Set<string | undefined>()
  let isLost = false
  await page.route('**/api/joke', async (route) => {
    const header = (await route.request().allHeaders()).payment
    const payment = readPayment(header)
    if (!payment.ok || !payment.value.purchaseId) return route.fallback()
    purchases.add(payment.value.purchaseId)
    if (isLost) return route.fallback()
    // The server charges, and the page never hears of it.
    await route.fetch()
    isLost = true
  })
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await payWith(page, CARDS.good)
  await expect.poll(() => isLost).toBe(true)
  await page.reload()
  await callButton(page, 'Joke with fetch').click()
  await expect(lastAnswer(page)).toContainText('200 OK')
  await expect(dialogOf(page)).toBeHidden()
  expect(purchases.size).toBe(1)
  expectOneCharge(demo)
})
