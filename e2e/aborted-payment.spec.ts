import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, challengeFrame } from './stripe-frames.js'

/** A request of the page's own, given up by it whenever the test says so. */
async function callThatCanBeAborted(
  page: Page,
): Promise<{ abort(): Promise<void>; outcome(): Promise<string> }> {
  const call = await page.evaluateHandle(() => {
    const aborting = new AbortController()
    const outcome = fetch('/api/joke', { signal: aborting.signal }).then(
      ({ status }) => String(status),
      (error: Error) => error.name,
    )
    return { aborting, outcome }
  })
  return {
    abort: () => call.evaluate(({ aborting }) => aborting.abort()),
    outcome: () => call.evaluate(({ outcome }) => outcome),
  }
}

test.describe('an app that gives a request up', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('/playground')
    // A person is there: the dialog asks, and not the bar.
    await page.getByRole('heading').first().click()
  })

  test('while its payment is on the way: the dialog says so, and the next request finds what was bought', async ({
    page,
    demo,
  }) => {
    let arrive = (): void => {}
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve
    })
    // The server has charged, and its answer never comes.
    await page.route('**/api/joke', async (route) => {
      if (!route.request().headers().payment) return route.continue()
      await route.fetch()
      arrive()
    })
    const call = await callThatCanBeAborted(page)
    await payWith(page, CARDS.good)
    await arrived
    await call.abort()
    expect(await call.outcome()).toBe('AbortError')
    await expect(dialogOf(page).getByRole('alert')).toContainText('Please do not pay again')
    await dialogOf(page).getByRole('button', { name: 'Close' }).first().click()
    await expect(dialogOf(page)).toBeHidden()
    await page.unroute('**/api/joke')
    await callButton(page, 'Joke with fetch').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    expectOneCharge(demo)
  })

  test('while nobody knows what came of its card: the dialog stays, asks by itself, and says it', async ({
    page,
    demo,
    watch,
  }) => {
    watch.expect(/status of 409/)
    let told = (): void => {}
    const isTold = new Promise<void>((resolve) => {
      told = resolve
    })
    // The server has charged, and a proxy has it that the bank has not answered.
    await page.route('**/api/joke', async (route) => {
      if (!route.request().headers().payment) return route.continue()
      await route.fetch()
      await route.fulfill({ status: 409, headers: { 'retry-after': '30' }, body: '{}' })
      told()
    })
    const call = await callThatCanBeAborted(page)
    await payWith(page, CARDS.good)
    await isTold
    await expect(dialogOf(page).getByRole('alert')).toContainText('Please do not pay again')
    await call.abort()
    expect(await call.outcome()).toBe('AbortError')
    await expect(dialogOf(page).getByText('Paid', { exact: true })).toBeVisible()
    await expect(balance(page, '$4.99')).toBeVisible()
    expectOneCharge(demo)
  })

  test('while the bank has the word: the dialog tells what came of it', async ({ page, demo }) => {
    const call = await callThatCanBeAborted(page)
    await payWith(page, CARDS.authenticates)
    await expect(challengeFrame(page).getByRole('heading', { name: 'Approve this payment' })).toBeVisible()
    await call.abort()
    expect(await call.outcome()).toBe('AbortError')
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(dialogOf(page).getByText('Paid', { exact: true })).toBeVisible()
    await expect(balance(page, '$5.00')).toBeVisible()
    expectOneCharge(demo)
  })

  test('while the bank has the word, which it refuses: nothing is charged, and the dialog can be closed', async ({
    page,
    demo,
  }) => {
    const call = await callThatCanBeAborted(page)
    await payWith(page, CARDS.authenticates)
    await expect(challengeFrame(page).getByRole('heading', { name: 'Approve this payment' })).toBeVisible()
    await call.abort()
    await challengeFrame(page).getByRole('button', { name: 'Fail' }).click()
    await dialogOf(page).getByRole('button', { name: 'Cancel' }).click()
    await expect(dialogOf(page)).toBeHidden()
    demo.stripe.log.assertNoCharge()
  })
})
