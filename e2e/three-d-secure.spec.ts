import type { BrowserContext, Page } from '@playwright/test'
import { deriveClientId } from '@stripe402/server'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, exchanges, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, challengeFrame, fillCard } from './stripe-frames.js'
import { routeStripe } from './stripe-routes.js'

const NOT_CONFIRMED =
  'Your bank did not get your confirmation, so nothing was charged. Try again or use another card.'

test.describe('3-D Secure', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.authenticates)
    await expect(challengeFrame(page).getByRole('heading', { name: 'Approve this payment' })).toBeVisible()
  })

  test('is passed: the page gets its answer', async ({ page, demo }) => {
    await expect(challengeFrame(page).getByText('$5.00')).toBeVisible()
    demo.stripe.log.assertNoCharge()
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    await expect(balance(page, '$4.99')).toBeVisible()
    expectOneCharge(demo)
  })

  for (const [what, name] of [
    ['failed', 'Fail'],
    ['closed', 'Close'],
  ] as const) {
    test(`is ${what}: nothing is charged, and another card pays in the same dialog`, async ({
      page,
      demo,
    }) => {
      await dialogOf(page).evaluate((dialog) => dialog.setAttribute('data-seen', 'first'))
      await challengeFrame(page).getByRole('button', { name }).click()
      await expect(dialogOf(page).getByRole('alert')).toHaveText(NOT_CONFIRMED)
      await expect(dialogOf(page)).toHaveAttribute('data-seen', 'first')
      demo.stripe.log.assertNoCharge()
      await fillCard(page, CARDS.good)
      await payButton(page).click()
      await expect(lastAnswer(page)).toContainText('200 OK')
      await expect(balance(page, '$4.99')).toBeVisible()
      expectOneCharge(demo)
    })
  }

  test('goes on in a banking app: the page notices', async ({ page, demo }) => {
    const [intent] = demo.stripe.state.paymentIntents()
    demo.stripe.authenticate(intent?.id ?? '', 'approve')
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    expectOneCharge(demo)
  })

  test('in a tab that is closed is credited by the webhook, and the next tab finds the credit', async ({
    page,
    context,
    demo,
  }) => {
    await page.close()
    const [intent] = demo.stripe.state.paymentIntents()
    demo.stripe.authenticate(intent?.id ?? '', 'approve')
    await demo.stripe.webhooks.settled()
    const charge = demo.stripe.log.assertOneCharge()
    const clientId = deriveClientId(charge.payment_method_details?.card?.fingerprint ?? '', demo.secret)
    // No page is open: only the webhook can have brought it.
    expect(await demo.store.account({ clientId, currency: 'usd' })).toMatchObject({
      available: 50_000,
      held: 0,
    })

    const next = await context.newPage()
    await next.goto('/playground')
    await callButton(next, 'Joke with fetch').click()
    await expect(lastAnswer(next)).toContainText('200 OK')
    await expect(exchanges(next).first()).toContainText('$0.01 spent, $4.99 left')
    await expect(balance(next, '$4.99')).toBeVisible()
    await expect(dialogOf(next)).toBeHidden()
    expectOneCharge(demo)
  })
})

const CHECKED_FOR_FREE = /^This card has credit here\. .*nothing is charged/

/** Presses the button for a joke, and pays for it with the card whose bank asks. */
async function tellJoke(page: Page): Promise<void> {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await payWith(page, CARDS.authenticates)
}

/** Answers the bank's question whether the card is the person's own. */
async function answerForFree(page: Page, name: 'Complete' | 'Fail'): Promise<void> {
  const challenge = challengeFrame(page)
  await expect(challenge.getByRole('heading', { name: 'Approve this card' })).toBeVisible()
  await expect(dialogOf(page).getByRole('status').filter({ hasText: CHECKED_FOR_FREE })).toBeVisible()
  await challenge.getByRole('button', { name }).click()
}

test.describe('a card with credit whose bank asks', () => {
  let device: BrowserContext
  let second: Page

  test.beforeEach(async ({ page, browser, demo }) => {
    await tellJoke(page)
    await challengeFrame(page).getByRole('button', { name: 'Complete' }).click()
    await expect(balance(page, '$4.99')).toBeVisible()
    device = await browser.newContext({ baseURL: demo.url })
    await routeStripe(device, demo.stripeUrl)
    second = await device.newPage()
  })

  test.afterEach(() => device.close())

  test('is found on another device once the bank has its answer, and is not charged', async ({ demo }) => {
    await tellJoke(second)
    await answerForFree(second, 'Complete')
    await expect(
      dialogOf(second).getByText('From your balance: your card was not charged.', { exact: true }),
    ).toBeVisible()
    await expect(lastAnswer(second)).toContainText('200 OK')
    await callButton(second, 'Joke with fetch').click()
    await expect(balance(second, '$4.97')).toBeVisible()
    expectOneCharge(demo)
  })

  test('opens nothing where the bank gets no answer, which the dialog says; a second try may', async ({
    demo,
  }) => {
    await tellJoke(second)
    await answerForFree(second, 'Fail')
    await expect(dialogOf(second).getByRole('alert')).toHaveText(NOT_CONFIRMED)
    await fillCard(second, CARDS.authenticates)
    await payButton(second).click()
    await answerForFree(second, 'Complete')
    await expect(balance(second, '$4.98')).toBeVisible()
    expectOneCharge(demo)
  })

  test('is found on the same device after a sign-out', async ({ page, demo }) => {
    await balance(page, '$4.99').click()
    await page.getByRole('button', { name: 'Sign out here' }).click()
    await tellJoke(page)
    await answerForFree(page, 'Complete')
    await expect(balance(page, '$4.98')).toBeVisible()
    expectOneCharge(demo)
  })

  test('is found after the page was closed while the bank asked', async ({ demo }) => {
    await tellJoke(second)
    await expect(challengeFrame(second).getByRole('heading', { name: 'Approve this card' })).toBeVisible()
    await second.close()
    const [check] = demo.stripe.state.setupIntents()
    demo.stripe.authenticate(check?.id ?? '', 'approve')
    const next = await device.newPage()
    await next.goto('/playground')
    await callButton(next, 'Joke with fetch').click()
    await expect(balance(next, '$4.98')).toBeVisible()
    await expect(dialogOf(next)).toBeHidden()
    expectOneCharge(demo)
  })
})
