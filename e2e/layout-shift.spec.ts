import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { callButton } from './playground.js'
import { cardFrame } from './stripe-frames.js'

/** From the page's first paint on, counts by how much its layout moves by itself. */
async function watchShifts(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript(() => {
    const shifts: string[] = []
    Reflect.set(window, '__shifts', shifts)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const sources: { node?: Node | null }[] = Reflect.get(entry, 'sources') ?? []
        shifts.push(`${Reflect.get(entry, 'value')}: ${sources.map(({ node }) => node?.nodeName)}`)
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })
  return () => page.evaluate(() => Reflect.get(window, '__shifts'))
}

for (const width of [360, 1280])
  test(`an inline paywall moves nothing while it comes, in ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 1400 })
    const shifts = await watchShifts(page)
    await page.goto('/article')
    await expect(page.getByRole('button', { name: 'Continue for $0.05' })).toBeVisible()
    await expect(page.getByRole('contentinfo')).toBeVisible()
    expect(await shifts()).toEqual([])
  })

test('a dialog moves nothing when the card form comes', async ({ page }) => {
  // What slides in on purpose is no shift, and would be measured on its way.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  const shifts = await watchShifts(page)
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  const place = page.locator('stripe402-paywall .card')
  const before = await place.boundingBox()
  await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
  expect(await place.boundingBox()).toEqual(before)
  expect(await shifts()).toEqual([])
})
