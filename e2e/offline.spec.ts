import { expect, test } from './fixtures.js'
import { dialogOf, payButton } from './payment-dialog.js'
import { callButton, lastAnswer } from './playground.js'
import { cardFrame, fillCard } from './stripe-frames.js'

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
