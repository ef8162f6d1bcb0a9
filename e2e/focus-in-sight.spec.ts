import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { payButton } from './payment-dialog.js'
import { callButton } from './playground.js'
import { CARDS, cardFrame, challengeFrame, fillCard } from './stripe-frames.js'

/** How many pixels of a field the foot with the button that pays lies over. */
async function byFoot(page: Page, field: Locator): Promise<number> {
  const [box, foot] = await Promise.all([
    field.boundingBox(),
    page.locator('stripe402-paywall .foot').boundingBox(),
  ])
  if (!box || !foot) throw new Error('Nothing is there.')
  return Math.round(Math.max(0, box.y + box.height - foot.y))
}

test.describe('a person with a keyboard on a small screen', () => {
  test.setTimeout(120_000)
  test.use({ viewport: { width: 360, height: 640 }, contextOptions: { reducedMotion: 'reduce' } })

  test('sees each field that they go back to after the longest refusal', async ({ page }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page, CARDS.authenticates)
    await payButton(page).press('Enter')
    await challengeFrame(page).getByRole('button', { name: 'Fail' }).click()
    await page.evaluate(() => document.documentElement.setAttribute('lang', 'de'))
    await expect(page.getByRole('alert')).toContainText('Ihre Bank hat keine Bestätigung erhalten')
    await expect(page.locator('stripe402-paywall .pay')).toBeFocused()
    // To “Cancel”, and on.
    await page.keyboard.press('Shift+Tab')
    const inFrame = cardFrame(page).locator(':focus')
    const amount = page.getByRole('radio', { checked: true })
    for (const field of [page.getByRole('checkbox'), inFrame, inFrame, inFrame, inFrame, inFrame, amount]) {
      // They have looked at what they buy.
      await page.locator('stripe402-paywall .overlay').evaluate((overlay) => overlay.scrollTo(0, 0))
      await page.keyboard.press('Shift+Tab')
      await expect(field).toBeFocused()
      await expect.poll(() => byFoot(page, field)).toBe(0)
    }
  })
})
