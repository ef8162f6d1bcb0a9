import type { FrameLocator, Page } from '@playwright/test'

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

/** Stripe's frame with the card fields. */
export function cardFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Secure payment input frame"]')
}

/** Stripe's frame with the bank's question. */
export function challengeFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="3D Secure"]')
}

/** Types a card that is good in every way but, perhaps, its number. */
export async function fillCard(
  page: Page,
  number: string = CARDS.good,
  rest: Partial<Card> = {},
): Promise<void> {
  const frame = cardFrame(page)
  await frame.getByLabel('Card number').fill(number)
  await frame.getByLabel('Expiration date').fill(rest.expiry ?? '12 / 34')
  await frame.getByLabel('Security code').fill(rest.cvc ?? '123')
  await frame.getByLabel('ZIP').fill(rest.zip ?? '94110')
}

/**
 * Presses a key that makes the frame with the focus go away. Chromium does not always report that such a key came up
 * again, and `keyboard.press` would wait for that: what follows says whether the key did what it should.
 */
export function pressAway(page: Page, key: 'Enter' | 'Escape'): void {
  page.keyboard.press(key).catch(() => undefined)
}
