import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton } from './payment-dialog.js'
import { callButton, lastAnswer } from './playground.js'
import { CARDS, cardFrame, fillCard } from './stripe-frames.js'

/** How far the dialog reaches beyond its sides, in pixels. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => {
    const overlay = document.querySelector('stripe402-paywall')?.shadowRoot?.querySelector('.overlay')
    return overlay ? overlay.scrollWidth - overlay.clientWidth : Number.NaN
  })
}

for (const [name, viewport, rootSize] of [
  ['320 pixels, which is 1280 at 400 %', { width: 320, height: 568 }, '100%'],
  ['text that is twice as large, on a desk', { width: 1280, height: 800 }, '200%'],
  ['text that is twice as large, on a phone', { width: 390, height: 844 }, '200%'],
] as const)
  test(`a person pays with ${name}, after a decline, without scrolling sideways`, async ({ page }) => {
    await page.setViewportSize(viewport)
    await page.goto('/playground')
    await page.evaluate((size) => document.documentElement.style.setProperty('font-size', size), rootSize)
    await callButton(page, 'Joke with fetch').click()
    await expect(cardFrame(page).getByLabel('Card number')).toBeEditable()
    expect(await sideways(page)).toBe(0)
    await fillCard(page, CARDS.declined)
    await payButton(page).press('Enter')
    await expect(dialogOf(page).getByRole('alert')).toBeInViewport()
    await expect(dialogOf(page).getByRole('alert')).toHaveText(/^Nothing was charged\./)
    expect(await sideways(page)).toBe(0)
    await fillCard(page, CARDS.good)
    await payButton(page).press('Enter')
    await expect(lastAnswer(page)).toContainText('200 OK')
  })

test('a reason that Stripe gives stays in its box, at 360 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 640 })
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  // No test card: the answer names an address without a space.
  await fillCard(page, '4111111111111111')
  await payButton(page).press('Enter')
  const alert = dialogOf(page).getByRole('alert')
  await expect(alert).toContainText('https://')
  expect(await alert.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0)
})

test('the card form grows with the text around it', async ({ page }) => {
  const fieldSize = (): Promise<string> =>
    cardFrame(page)
      .getByLabel('Card number')
      .evaluate((field) => getComputedStyle(field).fontSize)
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  expect(await fieldSize()).toBe('16px')
  await page.keyboard.press('Escape')
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
  await callButton(page, 'Joke with fetch').click()
  await expect.poll(fieldSize).toBe('32px')
})
