import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { payButton } from './payment-dialog.js'
import { callButton } from './playground.js'
import { CARDS, cardFrame, challengeFrame, fillCard } from './stripe-frames.js'

/** How far the button that pays reaches out of the window, in pixels. */
function cutOff(page: Page): Promise<number> {
  return page.evaluate(() => {
    const root = document.querySelector('stripe402-paywall')?.shadowRoot
    const pay = root?.querySelector('.buttons .pay')?.getBoundingClientRect()
    return pay ? Math.max(0, pay.bottom - innerHeight, -pay.top) : Number.NaN
  })
}

async function openDialog(page: Page): Promise<void> {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await expect(cardFrame(page).getByRole('textbox').first()).toBeEditable()
}

for (const viewport of [
  { width: 1280, height: 700 },
  { width: 1280, height: 900 },
  { width: 360, height: 640 },
])
  test.describe(`in a window of ${viewport.width} by ${viewport.height} pixels`, () => {
    // The dialog is as high as it will be at once.
    test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } })

    test('the button that pays is in sight at first, after a decline, and with an amount of one’s own', async ({
      page,
    }) => {
      await openDialog(page)
      expect(await cutOff(page)).toBe(0)
      await fillCard(page, CARDS.declined)
      await payButton(page).press('Enter')
      await expect(page.getByRole('alert')).toBeVisible()
      expect(await cutOff(page)).toBe(0)
      await page.getByRole('radio', { name: 'Other' }).check()
      await expect(page.getByRole('textbox', { name: 'Your amount ($)' })).toBeVisible()
      expect(await cutOff(page)).toBe(0)
    })

    test('the longest reason for a refusal, in German, leaves the button in sight', async ({ page }) => {
      await openDialog(page)
      await fillCard(page, CARDS.authenticates)
      await payButton(page).press('Enter')
      await challengeFrame(page).getByRole('button', { name: 'Fail' }).click()
      await expect(page.getByRole('alert')).toBeVisible()
      await page.evaluate(() => document.documentElement.setAttribute('lang', 'de'))
      await expect(page.getByRole('alert')).toContainText('Ihre Bank hat keine Bestätigung erhalten')
      expect(await cutOff(page)).toBe(0)
    })

    test('who is paid, what was charged, and the way out are in sight once it is paid', async ({ page }) => {
      await openDialog(page)
      await fillCard(page)
      await payButton(page).press('Enter')
      const charged = page.locator('.outcome').getByText('$5.00 charged to Visa ending 4242.')
      await expect(charged).toBeInViewport({ ratio: 1 })
      await expect(page.getByRole('heading', { name: /^Pay / })).toBeInViewport({ ratio: 1 })
      await expect(page.getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 })
      expect((await page.getByRole('dialog').boundingBox())?.height).toBeLessThan(400)
    })
  })
