import { expect, test } from './fixtures.js'
import { dialogOf, payButton } from './payment-dialog.js'
import { callButton } from './playground.js'

test('an amount of one’s own whose part does not come leaves the choice as it was', async ({
  page,
  watch,
}) => {
  watch.expect(/ERR_FAILED/)
  await page.goto('/playground')
  await page.route('**/own-amount-*.js', (route) => route.abort(), { times: 1 })
  await callButton(page, 'Joke with fetch').click()
  const other = dialogOf(page).getByRole('radio', { name: 'Other' })
  await other.click()
  await expect(dialogOf(page).getByRole('alert')).toContainText('The connection was lost')
  await expect(other).not.toBeChecked()
  await expect(dialogOf(page).getByRole('radio', { name: '$5.00' })).toBeChecked()
  await expect(payButton(page)).toBeVisible()
})

test('a balance whose part does not come is told of by an event, and rejects nowhere', async ({
  page,
  watch,
}) => {
  watch.expect(/ERR_FAILED/)
  await page.addInitScript(() =>
    document.addEventListener('stripe402-error', () =>
      document.documentElement.setAttribute('data-told', ''),
    ),
  )
  await page.route('**/purse-*.js', (route) => route.abort(), { times: 1 })
  await page.goto('/playground')
  await expect(page.locator('html[data-told]')).toBeAttached()
})
