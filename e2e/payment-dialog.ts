import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test'

/** What a person types into the card form. */
export interface Card {
  number: string
  /** `MM / YY`. */
  expiry: string
  cvc: string
  zip: string
}

/** Stripe's test cards by what they do. */
export const CARDS = {
  good: '4242424242424242',
  anotherGood: '5555555555554444',
  declined: '4000000000000002',
  authenticates: '4000002760003184',
} as const

/** The paywall's dialog. */
export function dialogOf(page: Page): Locator {
  return page.getByRole('dialog', { name: /^(Pay|Top up at) / })
}

/** The button that pays, with its exact amount. */
export function payButton(page: Page, amount = '$5.00'): Locator {
  return dialogOf(page).getByRole('button', { name: `Pay ${amount}`, exact: true })
}

/** Stripe's frame with the card fields. */
export function cardFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Secure payment input frame"]')
}

/** Stripe's frame with the bank's question. */
export function challengeFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="3D Secure"]')
}

/** Types a card that is good in every way but, perhaps, its number. */
export async function fillCard(page: Page, number: string, rest: Partial<Card> = {}): Promise<void> {
  const frame = cardFrame(page)
  await frame.getByLabel('Card number').fill(number)
  await frame.getByLabel('Expiration date').fill(rest.expiry ?? '12 / 34')
  await frame.getByLabel('Security code').fill(rest.cvc ?? '123')
  await frame.getByLabel('ZIP').fill(rest.zip ?? '94110')
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
