import type { Locator, Page } from '@playwright/test'
import { expect, test } from './fixtures.js'
import { dialogOf, payButton } from './payment-dialog.js'
import { balance, callButton, lastAnswer } from './playground.js'
import { CARDS, cardFrame, challengeFrame, pressAway } from './stripe-frames.js'

/** Presses Tab until the target has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, target: Locator, most = 25): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab')
    if (await target.evaluate((element) => element.matches(':focus'))) return
  }
  await expect(target, `not reached with ${most} presses of Tab`).toBeFocused({ timeout: 1 })
}

/** Opens the dialog from the keyboard alone. */
async function openDialog(page: Page): Promise<void> {
  await page.goto('/playground')
  await expect(callButton(page, 'Joke with fetch')).toBeVisible()
  await tabTo(page, callButton(page, 'Joke with fetch'))
  await page.keyboard.press('Enter')
  await expect(dialogOf(page)).toBeVisible()
  await expect(cardFrame(page).getByLabel('Card number')).toBeVisible()
}

/** Goes to the card form and types a card over what is there. */
async function typeCard(page: Page, number: string): Promise<void> {
  const frame = cardFrame(page)
  for (const [label, text] of [
    ['Card number', number],
    ['Expiration date', '1234'],
    ['Security code', '123'],
    ['ZIP', '94110'],
  ] as const) {
    await tabTo(page, frame.getByLabel(label))
    await page.keyboard.press('Control+A')
    await page.keyboard.type(text)
  }
}

test.describe('a person with a keyboard and no mouse', () => {
  test('opens the dialog, fills in the form, pays, and is back where they were', async ({ page }) => {
    await openDialog(page)
    await expect(dialogOf(page)).toBeFocused()
    await typeCard(page, CARDS.good)
    await tabTo(page, payButton(page))
    await page.keyboard.press('Enter')
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
    await expect(dialogOf(page)).toBeHidden()
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
  })

  test('pays with Enter in a field of the card form', async ({ page }) => {
    await openDialog(page)
    await typeCard(page, CARDS.good)
    pressAway(page, 'Enter')
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(balance(page, '$4.99')).toBeVisible()
  })

  test('chooses an amount with the arrow keys', async ({ page }) => {
    await openDialog(page)
    await tabTo(page, dialogOf(page).getByRole('radio', { name: '$5.00' }))
    await page.keyboard.press('ArrowDown')
    await expect(dialogOf(page).getByRole('radio', { name: '$10.00' })).toBeChecked()
    await expect(payButton(page, '$10.00')).toBeVisible()
  })

  test('goes round in the dialog and never behind it', async ({ page }) => {
    await openDialog(page)
    const stops = new Set<string>()
    for (const key of ['Tab', 'Shift+Tab'])
      for (let presses = 0; presses < 20; presses += 1) {
        await page.keyboard.press(key)
        // On its way into a frame of another process the focus is nowhere for a moment.
        await expect.poll(async () => (await focused(page)).isInDialog, `${key}, ${presses}`).toBe(true)
        stops.add((await focused(page)).name)
      }
    for (const name of [
      'Close',
      '$5.00',
      'Secure payment input frame',
      'Cancel',
      'Pay $5.00',
      'Terms',
      'Support',
    ])
      expect(stops).toContain(name)

    // Nor does a script get there: what is behind is inert.
    await callButton(page, 'Joke with fetch').focus()
    expect(await focused(page)).toMatchObject({ isInDialog: true })
  })

  for (const place of ['the dialog', 'the card form'] as const) {
    test(`cancels with Escape from ${place}`, async ({ page, demo }) => {
      await openDialog(page)
      if (place === 'the card form') await tabTo(page, cardFrame(page).getByLabel('Card number'))
      pressAway(page, 'Escape')
      await expect(dialogOf(page)).toBeHidden()
      await expect(lastAnswer(page)).toContainText('402 Payment Required')
      await expect(callButton(page, 'Joke with fetch')).toBeFocused()
      demo.stripe.log.assertNoCharge()
    })
  }

  test('answers the bank', async ({ page }) => {
    await openDialog(page)
    await typeCard(page, CARDS.authenticates)
    await tabTo(page, payButton(page))
    await page.keyboard.press('Enter')
    const complete = challengeFrame(page).getByRole('button', { name: 'Complete' })
    await expect(complete).toBeVisible()
    await tabTo(page, complete)
    pressAway(page, 'Enter')
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
  })

  test('does not confirm to the bank, then gives up, and is back where they were', async ({ page, demo }) => {
    await openDialog(page)
    await typeCard(page, CARDS.authenticates)
    await tabTo(page, payButton(page))
    await page.keyboard.press('Enter')
    const fail = challengeFrame(page).getByRole('button', { name: 'Fail' })
    await expect(fail).toBeVisible()
    await tabTo(page, fail)
    pressAway(page, 'Enter')
    await expect(dialogOf(page).getByRole('alert')).toContainText('nothing was charged')
    await expect(payButton(page)).toBeFocused()
    await page.keyboard.press('Escape')
    await expect(lastAnswer(page)).toContainText('402 Payment Required')
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
    demo.stripe.log.assertNoCharge()
  })

  test('is declined, pays with another card, and is back where they were', async ({ page }) => {
    await openDialog(page)
    await typeCard(page, CARDS.declined)
    await tabTo(page, payButton(page))
    await page.keyboard.press('Enter')
    await expect(dialogOf(page).getByRole('alert')).toHaveText(/^Nothing was charged\. The bank declined/)
    await expect(payButton(page)).toBeFocused()
    await typeCard(page, CARDS.good)
    await tabTo(page, payButton(page))
    await page.keyboard.press('Enter')
    await expect(lastAnswer(page)).toContainText('200 OK')
    await expect(dialogOf(page)).toBeHidden()
    await expect(callButton(page, 'Joke with fetch')).toBeFocused()
  })
})

/** The focused element, through shadow roots: what a screen reader would call it, a frame by its title, and where it is. */
function focused(page: Page): Promise<{ name: string; isInDialog: boolean }> {
  return page.evaluate(() => {
    let element = document.activeElement
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
    const root = element?.getRootNode()
    const labelId = element?.getAttribute('aria-labelledby') ?? ''
    const label = root instanceof ShadowRoot ? root.getElementById(labelId)?.textContent : undefined
    const title = element instanceof HTMLIFrameElement ? element.title : undefined
    const name = label ?? title ?? element?.getAttribute('aria-label') ?? element?.textContent ?? ''

    let isInDialog = false
    for (let node: Element | null = element; node && !isInDialog; ) {
      isInDialog = node.role === 'dialog'
      const parent: Node | null = node.assignedSlot ?? node.parentNode
      node = parent instanceof ShadowRoot ? parent.host : parent instanceof Element ? parent : null
    }
    return { name: name.trim(), isInDialog }
  })
}
