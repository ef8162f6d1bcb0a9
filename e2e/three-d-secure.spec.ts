import { deriveClientId } from '@stripe402/server'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, exchanges, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, challengeFrame, fillCard } from './stripe-frames.js'

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
    await expect(exchanges(next).first()).toContainText('$0.01 charged, $4.99 left')
    await expect(balance(next, '$4.99')).toBeVisible()
    await expect(dialogOf(next)).toBeHidden()
    expectOneCharge(demo)
  })
})
