import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, cardFrame } from './stripe-frames.js'

/** Rules that are broken, with the elements that break them. Stripe's own frames are Stripe's. */
async function violations(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).exclude('iframe[src^="https://js.stripe.com"]').analyze()
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`axe, ${colorScheme},`, () => {
    test.use({ colorScheme, contextOptions: { reducedMotion: 'reduce' } })

    for (const path of ['/', '/playground', '/article', '/report', '/terms']) {
      test(`finds nothing on ${path}`, async ({ page }) => {
        await page.goto(path)
        await expect(page.getByRole('banner').getByRole('button', { name: 'Top up' })).toBeVisible()
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        if (path === '/article')
          await expect(page.getByRole('button', { name: /^Continue for/ })).toBeVisible()
        if (path === '/report') await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
        expect(await violations(page)).toEqual([])
      })
    }

    test('finds nothing in the open dialog, nor after a decline', async ({ page }) => {
      await page.goto('/playground')
      await callButton(page, 'Joke with fetch').click()
      await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
      expect(await violations(page)).toEqual([])
      await payWith(page, CARDS.declined)
      await expect(dialogOf(page).getByRole('alert')).toBeVisible()
      expect(await violations(page)).toEqual([])
    })

    test('finds nothing once it is paid for', async ({ page }) => {
      await page.goto('/playground')
      await callButton(page, 'Joke with fetch').click()
      await payWith(page, CARDS.good)
      await expect(lastAnswer(page)).toContainText('200 OK')
      await expect(balance(page, '$4.99')).toBeVisible()
      await expect(dialogOf(page)).toBeHidden()
      expect(await violations(page)).toEqual([])
    })
  })
}

test('axe looks inside the dialog: it finds a button whose name was taken away', async ({ page }) => {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await dialogOf(page)
    .getByRole('button', { name: 'Close' })
    .evaluate((button) => button.removeAttribute('aria-label'))
  expect((await violations(page)).join()).toContain('button-name')
})
