import { HEADERS, readPaymentRequired } from '@stripe402/core'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge } from './playground.js'
import { CARDS, fillCard } from './stripe-frames.js'

const FIRST_PAID_HEADING = 'The years of digital coins'

test.describe('an article behind an inline paywall', () => {
  test('is bought where it stands, and is free of charge for the rest of the day', async ({ page, demo }) => {
    await page.goto('/article')
    await expect(page.getByText('why did the future take so long?')).toBeVisible()
    await expect(page.getByRole('heading', { name: FIRST_PAID_HEADING })).toBeHidden()
    await page.getByRole('button', { name: 'Continue for $0.05' }).click()
    await payWith(page, CARDS.good)
    await expect(page.getByRole('heading', { name: FIRST_PAID_HEADING })).toBeVisible()
    await expect(page.getByRole('button', { name: 'Continue for $0.05' })).toBeHidden()
    await expect(dialogOf(page)).toBeHidden()
    await expect(balance(page, '$4.95')).toBeVisible()

    await page.reload()
    await expect(page.getByRole('heading', { name: FIRST_PAID_HEADING })).toBeVisible()
    await expect(balance(page, '$4.95')).toBeVisible()
    expectOneCharge(demo)
  })

  test('keeps its paid part to itself until then', async ({ page, demo }) => {
    await page.goto('/article')
    await expect(page.getByRole('button', { name: 'Continue for $0.05' })).toBeVisible()
    expect(await page.content()).not.toContain(FIRST_PAID_HEADING)
    const response = await page.request.get('/articles/why-402')
    expect(response.status()).toBe(402)
    expect(await response.text()).not.toContain(FIRST_PAID_HEADING)
    demo.stripe.log.assertNoCharge()
  })
})

test.describe('a page that is itself a paid URL', () => {
  // High enough for all of the form: a click right after a scroll may still meet Stripe's frame where it was before.
  test.use({ viewport: { width: 1280, height: 1200 } })

  test('answers a navigation with 402 and a paywall, then shows itself', async ({ page, demo }) => {
    const response = await page.goto('/report')
    expect(response?.status()).toBe(402)
    expect(readPaymentRequired(response?.headers()[HEADERS.PAYMENT_REQUIRED])).toMatchObject({
      ok: true,
      value: { resource: { url: '/report' }, accepts: [{ scheme: 'stripe', currency: 'usd', amount: 1000 }] },
    })
    await expect(page.getByRole('heading', { name: 'The report: what a cent costs' })).toBeVisible()
    // The form is a part of the page: nothing to open, and nothing to close.
    await expect(page.getByRole('region', { name: 'Pay stripe402 demo' })).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    await fillCard(page)
    await page.getByRole('button', { name: 'Pay $5.00' }).click()
    await expect(page.getByRole('cell', { name: '62.9 %' })).toBeVisible()
    await expect(page.getByRole('heading', { name: 'What a cent costs', exact: true })).toBeVisible()
    await expect(balance(page, '$4.90')).toBeVisible()
    expectOneCharge(demo)
  })
})

test.describe('a reader with a balance', () => {
  test('opens the article and the report without a question, each charged once', async ({ page, demo }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.99')).toBeVisible()

    await page.goto('/article')
    await expect(page.getByRole('heading', { name: FIRST_PAID_HEADING })).toBeVisible()
    await expect(balance(page, '$4.94')).toBeVisible()
    await page.goto('/report')
    await expect(page.getByRole('cell', { name: '62.9 %' })).toBeVisible()
    await expect(balance(page, '$4.84')).toBeVisible()
    await page.reload()
    await expect(page.getByRole('cell', { name: '62.9 %' })).toBeVisible()
    await expect(balance(page, '$4.84')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expectOneCharge(demo)
  })

  test('who opens a page in another tab is told in this one what is left', async ({
    page,
    context,
    demo,
  }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.99')).toBeVisible()
    const other = await context.newPage()
    await other.goto('/report')
    await expect(other.getByRole('cell', { name: '62.9 %' })).toBeVisible()

    await page
      .getByRole('banner')
      .getByRole('button', { name: /^Balance/ })
      .click()
    const panel = page.getByRole('dialog', { name: 'Your balance' })
    await expect(panel.getByText('$4.89', { exact: true })).toBeVisible()
    await panel.getByRole('button', { name: 'Top up' }).click()
    const row = dialogOf(page).getByText('Your balance').locator('xpath=ancestor::*[dt]')
    await expect(row).toContainText('$4.89')
    expectOneCharge(demo)
  })
})
