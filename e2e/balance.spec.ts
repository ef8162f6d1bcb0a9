import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer } from './playground.js'
import { CARDS } from './stripe-frames.js'

function panel(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Your balance' })
}

test.describe('a person with a balance', () => {
  test.beforeEach(async ({ page }) => {
    await page.goto('/playground')
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
  })

  test('sees what came and went, with a receipt, and is back at the button', async ({ page, demo }) => {
    await balance(page, '$4.99').click()
    await expect(panel(page).getByText('$4.99', { exact: true })).toBeVisible()
    const lines = panel(page).getByRole('listitem')
    await expect(lines.first()).toHaveText(/^\/api\/joke[A-Z]/)
    await expect(lines.first()).toContainText('−$0.01')
    await expect(lines.last()).toContainText('Top-up')
    const [charge] = demo.stripe.state.paymentIntents()
    await expect(lines.last()).toContainText(`Receipt ${charge?.id}`)
    await page.keyboard.press('Escape')
    await expect(panel(page)).toBeHidden()
    await expect(balance(page, '$4.99')).toBeFocused()
  })

  test('closes the panel with the button that opened it, and with a press beside it', async ({ page }) => {
    for (const close of [
      () => balance(page, '$4.99').click(),
      () => page.getByRole('heading', { name: 'Playground' }).click(),
    ]) {
      await balance(page, '$4.99').click()
      await expect(panel(page)).toBeVisible()
      await close()
      await expect(panel(page)).toBeHidden()
    }
  })

  test('opens it above its button where there is more room, as at the foot of a page', async ({ page }) => {
    await page.evaluate(() => {
      const { style } = document.querySelector<HTMLElement>('stripe402-balance') ?? document.body
      Object.assign(style, { position: 'fixed', insetBlockEnd: '8px', zIndex: '9' })
    })
    await balance(page, '$4.99').click()
    const button = await balance(page, '$4.99').boundingBox()
    // It grows with its history.
    await expect(panel(page).getByRole('listitem')).toHaveCount(2)
    const box = await panel(page).boundingBox()
    expect(box?.height).toBeGreaterThan(300)
    expect(box?.y).toBeGreaterThan(0)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThan(button?.y ?? 0)
  })

  test('tops up from it', async ({ page }) => {
    await balance(page, '$4.99').click()
    await panel(page).getByRole('button', { name: 'Top up' }).click()
    await expect(dialogOf(page)).toHaveAccessibleName('Top up at stripe402 demo')
    await payWith(page, CARDS.good)
    await expect(balance(page, '$9.99')).toBeVisible()
  })

  test('signs out, and finds the credit again with the same card, which is not charged', async ({
    page,
    demo,
  }) => {
    await balance(page, '$4.99').click()
    await panel(page).getByRole('button', { name: 'Sign out here' }).click()
    await expect(page.getByRole('banner').getByRole('button', { name: 'Top up' })).toBeVisible()
    await callButton(page, 'Joke with fetch').click()
    await payWith(page, CARDS.good)
    await expect(dialogOf(page).getByRole('status')).toContainText('your card was not charged')
    await expect(balance(page, '$4.98')).toBeVisible()
    expectOneCharge(demo)
  })

  test('is told when it no longer covers what is asked', async ({ page }) => {
    await page.evaluate(() => {
      const key = `stripe402:${location.origin}`
      const record = JSON.parse(localStorage.getItem(key) ?? '{}')
      record.asked['/api/yearbook'] = { currency: 'usd', amountUnits: 80_000 }
      localStorage.setItem(key, JSON.stringify(record))
    })
    await page.reload()
    await page.getByRole('banner').getByRole('button', { name: 'Balance $4.99, low' }).click()
    await expect(page.getByRole('dialog', { name: 'Your balance, too low' })).toBeVisible()
  })
})

test('a button with command="--top-up" opens the top-up of a balance and of a paywall', async ({ page }) => {
  await page.goto('/terms')
  await page.evaluate(() => {
    for (const name of ['stripe402-balance', 'stripe402-paywall']) {
      const element = document.querySelector(name)
      if (element) element.id = name
      const button = document.createElement('button')
      button.textContent = `Add to ${name}`
      button.setAttribute('commandfor', name)
      button.setAttribute('command', '--top-up')
      document.querySelector('main')?.append(button)
    }
  })
  await expect(page.getByRole('banner').getByRole('button', { name: 'Top up' })).toBeVisible()
  for (const name of ['stripe402-balance', 'stripe402-paywall']) {
    await page.getByRole('button', { name: `Add to ${name}` }).click()
    await expect(payButton(page)).toBeVisible()
    await page.keyboard.press('Escape')
    await expect(dialogOf(page)).toBeHidden()
  }
})
