import { expect, type Locator, type Page } from '@playwright/test'
import type { DemoForTest, ReceivedRequest } from './demo-for-test.js'

/** A button of the playground, by its name. */
export function callButton(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('button', { name, exact: true })
}

/** What the last call came to: status line and body. */
export function lastAnswer(page: Page): Locator {
  return page.getByRole('status', { name: 'Last answer' })
}

/** The text of the last answer, status line and all. */
export async function lastAnswerText(page: Page): Promise<string> {
  return (await lastAnswer(page).textContent()) ?? ''
}

/** The exchanges that the playground lists, newest first. */
export function exchanges(page: Page): Locator {
  return page.getByRole('log', { name: 'Exchanges' }).getByRole('listitem')
}

/** The balance in the header of every page. */
export function balance(page: Page, amount: string): Locator {
  return page.getByRole('banner').getByRole('button', { name: `Balance ${amount}`, exact: true })
}

/** Requests that reached the server at this path. */
export function requestsTo(demo: DemoForTest, path: string): ReceivedRequest[] {
  return demo.requests.filter(({ url }) => url.split('?')[0] === path)
}

/** Expects exactly one charge of `minor` cents, made by the only PaymentIntent that ever succeeded. */
export function expectOneCharge(demo: DemoForTest, minor = 500): void {
  expect(demo.stripe.log.assertOneCharge().amount).toBe(minor)
  const succeeded = demo.stripe.state.paymentIntents().filter(({ status }) => status === 'succeeded')
  expect(succeeded.map(({ amount, currency }) => ({ amount, currency }))).toEqual([
    { amount: minor, currency: 'usd' },
  ])
}
