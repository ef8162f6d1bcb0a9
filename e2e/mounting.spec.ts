import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS, cardFrame, fillCard } from './stripe-frames.js'

/** Puts the page's paywall so many shadow roots deep, before it was ever used. */
async function bury(page: Page, depth: number, slotAssignment: SlotAssignmentMode = 'named'): Promise<void> {
  await page.evaluate(
    ({ depth, slotAssignment }) => {
      let place: ParentNode = document.body
      for (let level = 0; level < depth; level += 1) {
        const host = document.createElement('div')
        place.append(host)
        place = host.attachShadow({ mode: 'open', slotAssignment })
      }
      const paywall = document.querySelector('stripe402-paywall')
      if (paywall) place.append(paywall)
    },
    { depth, slotAssignment },
  )
}

async function openPage(page: Page): Promise<void> {
  await page.goto('/playground')
  await expect(page.getByRole('banner').getByRole('button', { name: 'Top up' })).toBeVisible()
}

async function expectToPay(page: Page): Promise<void> {
  await callButton(page, 'Joke with fetch').click()
  await payWith(page, CARDS.good)
  await expect(lastAnswer(page)).toContainText('200 OK')
  await expect(dialogOf(page)).toBeHidden()
}

test.describe('a paywall takes payments', () => {
  test.beforeEach(({ page }) => openPage(page))
  test.afterEach(({ demo }) => expectOneCharge(demo))

  for (const depth of [1, 2, 3])
    test(`${depth} shadow roots deep`, async ({ page }) => {
      await bury(page, depth)
      await expectToPay(page)
    })

  test('in shadow roots whose slots are assigned by hand', async ({ page }) => {
    await bury(page, 2, 'manual')
    await expectToPay(page)
  })

  test('where a framework has moved it to, before and after a dialog', async ({ page }) => {
    const teleport = (): Promise<void> =>
      page.evaluate(() => {
        const target = document.body.appendChild(document.createElement('div'))
        const paywall = document.querySelector('stripe402-paywall')
        if (paywall) target.append(paywall)
      })
    await teleport()
    await callButton(page, 'Joke with fetch').click()
    await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialogOf(page)).toBeHidden()
    await teleport()
    await expectToPay(page)
  })

  test('when there are two of it: one dialog asks', async ({ page }) => {
    await page.evaluate(() => document.body.append(document.createElement('stripe402-paywall')))
    await callButton(page, 'Joke with fetch').click()
    await expect(dialogOf(page)).toHaveCount(1)
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('200 OK')
  })

  test('when it is upgraded late, with what was set before', async ({ page }) => {
    await page.evaluate(() => {
      document.querySelector('stripe402-paywall')?.remove()
      // An element of a document without a window is upgraded when it comes into this one.
      const paywall = document.implementation.createHTMLDocument().createElement('stripe402-paywall')
      Object.assign(paywall, { theme: 'dark', prompt: 'dialog' })
      document.body.append(paywall)
    })
    await expect(page.locator('stripe402-paywall')).toHaveAttribute('theme', 'dark')
    await expectToPay(page)
  })

  test('and is removed meanwhile: the page is free, and the request gets its answer', async ({ page }) => {
    await callButton(page, 'Joke with fetch').click()
    await fillCard(page)
    await page.route('/api/joke', async (route) => {
      // The payment is on its way to the server.
      await page.evaluate(() => document.querySelector('stripe402-paywall')?.remove())
      await route.continue()
    })
    await payButton(page).click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    await callButton(page, 'A free endpoint').click()
    await expect(lastAnswer(page)).toContainText('"ok": true')
  })
})
