import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { expectOneCharge } from './playground.js'
import { CARDS } from './stripe-frames.js'

for (const lost of ['never comes', 'is lost with the connection'])
  test(`a top-up that was put away before its outcome was known, which ${lost}: nobody is told that nothing was charged`, async ({
    page,
    demo,
    watch,
  }) => {
    watch.expect(/status of 409|ERR_FAILED/)
    await page.clock.install()
    await page.goto('/playground')
    let isClosed = false
    await page.route('**/.well-known/stripe402/top-up', async (route) => {
      const { payment } = route.request().headers()
      if (!payment) return route.continue()
      if (isClosed && lost !== 'never comes') return route.abort()
      await route.fetch()
      return route.fulfill({ status: 409, headers: { 'retry-after': '1' }, body: '' })
    })
    await page.getByRole('banner').getByRole('button', { name: 'Top up' }).click()
    await payWith(page, CARDS.good)
    await expect(dialogOf(page).getByRole('alert')).toContainText('Please do not pay again')
    await dialogOf(page).locator('.outcome').getByRole('button', { name: 'Close' }).click()
    await expect(dialogOf(page)).toBeHidden()
    isClosed = true
    const bar = page.getByRole('region', { name: 'We don’t know yet' })
    // The client asks ten more times.
    await expect(async () => {
      await page.clock.fastForward(2_000)
      await expect(page.locator('.bar')).toBeVisible({ timeout: 100 })
    }).toPass()
    await expect(bar.getByRole('alert')).toContainText('Please do not pay again')
    expectOneCharge(demo)
  })
