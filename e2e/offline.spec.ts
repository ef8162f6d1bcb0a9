import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, cardFrame, fillCard } from './stripe-frames.js'

test('a dialog that goes offline says so, keeps what was typed, and pays when it is back', async ({
  page,
  context,
}) => {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await fillCard(page)
  await context.setOffline(true)
  await expect(dialogOf(page).getByRole('alert')).toHaveText(/^You are offline\./)
  await expect(payButton(page)).toHaveAttribute('aria-disabled', 'true')
  await context.setOffline(false)
  await expect(dialogOf(page).getByRole('alert')).toBeHidden()
  await expect(cardFrame(page).getByLabel('Security code')).toHaveValue('123')
  await payButton(page).click()
  await expect(lastAnswer(page)).toContainText('200 OK')
})

test('a proxy that answers for the server after a card was sent: nobody is told that nothing was charged, and the credit is found', async ({
  page,
  demo,
  watch,
}) => {
  watch.expect(/status of 502/)
  await page.goto('/playground')
  await page.route('**/api/**', async (route) => {
    const { payment } = route.request().headers()
    if (!payment) return route.continue()
    await route.fetch()
    return route.fulfill({ status: 502, body: 'Bad gateway' })
  })
  await callButton(page, 'Joke with fetch').click()
  await payWith(page, CARDS.good)
  await expect(dialogOf(page).getByRole('alert')).toContainText('Please do not pay again')
  await expect(balance(page, '$4.99')).toBeVisible()
  expectOneCharge(demo)
})
