import type { Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf } from './payment-dialog.js'
import { callButton, lastAnswer } from './playground.js'
import { CARDS, challengeFrame, fillCard } from './stripe-frames.js'

/** Opens the dialog as somebody does who hears the page: by role and name alone. */
async function openDialog(page: Page): Promise<void> {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').focus()
  await page.keyboard.press('Enter')
  await expect(dialogOf(page).getByText('Cards are handled by Stripe')).toBeVisible()
}

/** The names of all buttons in the accessibility tree, as Chromium hands it to a screen reader. */
async function accessibleButtons(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page)
  const { nodes } = await session.send('Accessibility.getFullAXTree')
  await session.detach()
  return nodes
    .filter(({ ignored, role }) => !ignored && role?.value === 'button')
    .map(({ name }) => String(name?.value))
}

test.describe('a person who hears the dialog', () => {
  test('is told who asks, what for, what it costs, and what can be done', async ({ page }) => {
    await openDialog(page)
    await expect(dialogOf(page)).toMatchAriaSnapshot(`
      - dialog "Pay stripe402 demo":
        - heading "Pay stripe402 demo" [level=2]
        - paragraph: /localhost:\\d+/
        - button "Close"
        - status
        - group "Test cards"
        - term: A joke
        - definition: $0.01 per request
        - term: Left after this request
        - definition: $4.99
        - radiogroup "Top-up amount":
          - radio "$5.00" [checked]
          - radio "$10.00"
          - radio "$20.00"
          - radio "Other"
        - iframe
        - button "Cancel"
        - button "Pay $5.00"
        - paragraph:
          - link "Terms"
          - link "Support"
    `)
    await expect(dialogOf(page)).toHaveAttribute('aria-modal', 'true')
  })

  test('hears of a decline at once, pays with another card, and is back where they were', async ({
    page,
  }) => {
    await openDialog(page)
    await fillCard(page, CARDS.declined)
    await dialogOf(page).getByRole('button', { name: 'Pay $5.00' }).press('Enter')
    await expect(dialogOf(page).getByRole('alert')).toHaveText(/^Nothing was charged\. The bank declined/)
    await expect(dialogOf(page).getByRole('button', { name: 'Pay $5.00' })).toBeFocused()
    await fillCard(page, CARDS.good)
    await dialogOf(page).getByRole('button', { name: 'Pay $5.00' }).press('Enter')
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
  })

  test('is told that the bank asks, and finds nothing but its window', async ({ page }) => {
    await openDialog(page)
    await fillCard(page, CARDS.authenticates)
    const pay = dialogOf(page).getByRole('button', { name: 'Pay $5.00' })
    await pay.press('Enter')
    await expect(dialogOf(page).getByRole('status')).toHaveText(
      'Your bank asks you to confirm. Please answer in its window.',
    )
    await expect(pay).toHaveAttribute('aria-busy', 'true')
    const complete = challengeFrame(page).getByRole('button', { name: 'Complete' })
    await expect(complete).toBeVisible()
    // What is beneath is out of the tree, and out of reach for mouse and keyboard.
    const buttons = await accessibleButtons(page)
    expect(buttons).toContain('Pay $5.00')
    expect(buttons).not.toContain('Joke with fetch')
    await expect(callButton(page, 'Joke with fetch').click({ timeout: 500 })).rejects.toThrow(
      'element is inert',
    )
    await callButton(page, 'Joke with fetch')
      .evaluate((button) => button.focus())
      .catch(() => {})
    expect(await page.evaluate(() => document.activeElement?.matches('main *') ?? false)).toBe(false)
    await complete.click()
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
  })

  test('cancels, and is back where they were', async ({ page, demo }) => {
    await openDialog(page)
    await dialogOf(page).getByRole('button', { name: 'Cancel' }).press('Enter')
    await expect(lastAnswer(page)).toContainText('402 Payment Required')
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
    demo.stripe.log.assertNoCharge()
  })
})
