import { AxeBuilder } from '@axe-core/playwright'
import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { callButton, lastAnswer } from './playground.js'
import { CARDS, cardFrame } from './stripe-frames.js'

function bar(page: Page): Locator {
  return page.getByRole('region', { name: 'stripe402 demo asks for $0.01' })
}

/** A request that nobody clicked for. Resolves once it is under way; read its status with the result. */
async function askByItself(page: Page): Promise<() => Promise<number>> {
  const handle = await page.evaluateHandle(() => {
    const answer = fetch('/api/joke').then(({ status }) => status)
    return { answer }
  })
  return () => handle.evaluate(({ answer }) => answer)
}

test.describe('a request that nobody clicked for', () => {
  test.beforeEach(async ({ page }) => {
    await page.clock.install()
    await page.goto('/playground')
    await expect(page.getByRole('banner').getByRole('button', { name: 'Top up' })).toBeVisible()
    // To the browser, what a test does to a page comes from a person.
    await page.clock.fastForward(6_000)
  })

  test('asks in a bar, leaves the page alone, and goes on once it is paid', async ({ page }) => {
    const before = await page.evaluate(() => document.activeElement?.localName)
    const status = await askByItself(page)
    await expect(bar(page)).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe(before)
    // The page goes on.
    await callButton(page, 'A free endpoint').click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await bar(page).getByRole('button', { name: 'Continue for $0.01' }).click()
    await payWith(page, CARDS.good)
    expect(await status()).toBe(200)
    await expect(bar(page)).toBeHidden()
  })

  test('is not asked for again after "Not now"; a click still is', async ({ page, demo }) => {
    const status = await askByItself(page)
    await bar(page).getByRole('button', { name: 'Not now' }).click()
    expect(await status()).toBe(402)
    expect(await (await askByItself(page))()).toBe(402)
    await expect(bar(page)).toBeHidden()
    await callButton(page, 'Joke with fetch').click()
    await expect(dialogOf(page)).toBeVisible()
    await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
    demo.stripe.log.assertNoCharge()
  })

  test('shares the dialog of one that somebody clicked for while the bar asks', async ({ page }) => {
    const status = await askByItself(page)
    await expect(bar(page)).toBeVisible()
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('200 OK')
    expect(await status()).toBe(200)
  })

  test('is accessible', async ({ page }) => {
    await askByItself(page)
    await expect(bar(page)).toBeVisible()
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([])
  })
})

test('the button of an inline paywall is clicked, however long nobody had done anything', async ({
  page,
}) => {
  await page.clock.install()
  await page.goto('/article')
  const unlock = page.getByRole('button', { name: 'Continue for $0.05' })
  await expect(unlock).toBeVisible()
  await page.clock.fastForward(6_000)
  await unlock.click()
  await expect(dialogOf(page)).toBeVisible()
  await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
  await dialogOf(page).getByRole('button', { name: 'Cancel' }).click()
  await expect(dialogOf(page)).toBeHidden()
  // To have said no asks for nothing.
  await askByItself(page)
  await expect(bar(page)).toBeVisible()
})
