import { expect, type Locator, type Page } from '@playwright/test'
import { fillCard } from './stripe-frames.js'

/** The paywall's dialog. */
export function dialogOf(page: Page): Locator {
  return page.getByRole('dialog', { name: /^(Pay|Top up at) / })
}

/** The button that pays, with its exact amount. */
export function payButton(page: Page, amount = '$5.00'): Locator {
  return dialogOf(page).getByRole('button', { name: `Pay ${amount}`, exact: true })
}

/** Waits for the dialog, fills the card in and presses Pay. */
export async function payWith(page: Page, number: string): Promise<void> {
  await expect(dialogOf(page)).toBeVisible()
  await fillCard(page, number)
  await payButton(page).click()
}

/** From now on notes when the dialog opens and closes. Returns how to read the notes. */
export async function noteDialogEvents(page: Page): Promise<() => Promise<string[]>> {
  const notes = await page.evaluateHandle(() => {
    const seen: string[] = []
    for (const name of ['open', 'close']) addEventListener(`stripe402-${name}`, () => void seen.push(name))
    return seen
  })
  return () => notes.jsonValue()
}
