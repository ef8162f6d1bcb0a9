import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, fillCard } from './stripe-frames.js'

test.describe('Stripe that cannot be reached', () => {
  test('is told in plain words, and trying again works', async ({ page, context, demo, watch }) => {
    watch.expect(/https:\/\/js\.stripe\.com|Stripe\.js could not be loaded/)
    await page.goto('/playground')
    await context.route('https://js.stripe.com/**', (route) => route.abort('blockedbyclient'))
    await callButton(page, 'Joke with fetch').click()
    const alert = dialogOf(page).getByRole('alert')
    await expect(alert).toContainText('The card form did not load')
    await expect(alert).toContainText('Nothing was charged.')
    await expect(payButton(page)).toBeDisabled()

    await context.unroute('https://js.stripe.com/**')
    await alert.getByRole('button', { name: 'Try again' }).click()
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    expectOneCharge(demo)
  })

  test('between the form and the card: the person reads so, and presses Pay again', async ({
    page,
    context,
    demo,
    watch,
  }) => {
    watch.expect(/https:\/\/api\.stripe\.com/)
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, CARDS.good)
    await context.route('https://api.stripe.com/**', (route) => route.abort('connectionreset'))
    await payButton(page).click()
    await expect(dialogOf(page).getByRole('alert')).toContainText('check your internet connection')
    demo.stripe.log.assertNoCharge()

    await context.unroute('https://api.stripe.com/**')
    await payButton(page).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    expectOneCharge(demo)
  })
})
