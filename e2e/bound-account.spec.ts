import type { Browser, Page } from '@playwright/test'
import { HEADERS, type Payment, readPaymentRequired, serializePayment } from '@stripe402/core'
import type { DemoForTest, ReceivedRequest } from './demo-for-test.js'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, lastAnswer, requestsTo } from './playground.js'
import { CARDS } from './stripe-frames.js'

const MINUTE = 60_000
const JOKE = 'Joke with fetch'

/** Makes a person's account: pays once in the playground. */
async function openAccount(page: Page): Promise<void> {
  await page.goto('/playground')
  await callButton(page, JOKE).click()
  await payWith(page, CARDS.good)
  await expect(balance(page, '$4.99')).toBeVisible()
  await expect(dialogOf(page)).toBeHidden()
}

/** Presses a button that costs a cent, and waits until it has. */
async function spend(page: Page, left: string): Promise<void> {
  await callButton(page, JOKE).click()
  await expect(balance(page, left)).toBeVisible()
  await expect(lastAnswer(page)).toContainText('200 OK')
}

/** The name of the account, as every header of a page and every log of its requests shows it. */
function nameOf(demo: DemoForTest): Payment['clientId'] {
  return demo.requests.find(({ payment }) => payment?.clientId)?.payment?.clientId
}

/** The latest requests to the joke, by what they showed. */
function shownBy(requests: readonly ReceivedRequest[]): string[] {
  return requests.map(({ payment }) => (payment?.proof ? 'proof' : payment?.session ? 'session' : 'nothing'))
}

/** What a thief gets in a browser of their own, with no more than the name. */
async function steal(browser: Browser, demo: DemoForTest): Promise<unknown> {
  const context = await browser.newContext({ baseURL: demo.url })
  const page = await context.newPage()
  await page.goto('/terms')
  const header = serializePayment({ clientId: nameOf(demo), currency: 'usd' })
  const answer = await page.evaluate(async (payment) => {
    const response = await fetch('/api/joke', { headers: { payment } })
    return { status: response.status, challenge: response.headers.get('payment-required') }
  }, header)
  await context.close()
  const read = readPaymentRequired(answer.challenge)
  return [answer.status, read.ok && read.value.error]
}

test.describe('an account that a page has paid for', () => {
  test('is of no use to whoever has stolen its name, while the page goes on spending', async ({
    page,
    browser,
    demo,
  }) => {
    await openAccount(page)
    await spend(page, '$4.98')
    expect(await steal(browser, demo)).toEqual([402, 'proof_required'])
    await page.reload()
    await spend(page, '$4.97')
    const second = await page.context().newPage()
    await second.goto('/playground')
    await spend(second, '$4.96')
    expect(await steal(browser, demo)).toEqual([402, 'proof_required'])
    await spend(page, '$4.95')
    // Without a prompt, one request each: the first 402, the purchase, and four that showed the token.
    const shown = shownBy(requestsTo(demo, '/api/joke').filter(({ payment }) => payment?.requestId))
    expect(shown).toEqual(['proof', 'session', 'session', 'session', 'session'])
    expectOneCharge(demo)
  })

  test('goes on when its token has run out: the key proves itself, unseen, and the next request has a new token', async ({
    page,
    browser,
    demo,
  }) => {
    await openAccount(page)
    demo.passTime(11 * MINUTE)
    await spend(page, '$4.98')
    await spend(page, '$4.97')
    expect(shownBy(requestsTo(demo, '/api/joke')).slice(2)).toEqual(['session', 'proof', 'session'])
    expect(await steal(browser, demo)).toEqual([402, 'proof_required'])
    await expect(dialogOf(page)).toBeHidden()
    expectOneCharge(demo)
  })

  test('shows its balance and history to the page, not to who knows its name', async ({
    page,
    request,
    demo,
  }) => {
    await openAccount(page)
    await page.getByRole('banner').getByRole('button', { name: 'Balance $4.99' }).click()
    await expect(page.getByRole('dialog', { name: 'Your balance' }).getByText('/api/joke')).toBeVisible()
    const header = serializePayment({ clientId: nameOf(demo) })
    for (const name of ['balance', 'history']) {
      const url = `${demo.url}/.well-known/stripe402/${name}`
      expect((await request.get(url, { headers: { [HEADERS.PAYMENT]: header } })).status()).toBe(402)
    }
  })

  test('wants the card again after a sign-out on all devices, and does not charge it', async ({
    page,
    request,
    demo,
  }) => {
    await openAccount(page)
    await spend(page, '$4.98')
    // As another device of the same person does it.
    const { session, clientId } = requestsTo(demo, '/api/joke').at(-1)?.payment ?? {}
    const signedOut = await request.post(`${demo.url}/.well-known/stripe402/sign-out`, {
      headers: { [HEADERS.PAYMENT]: serializePayment({ clientId, session }) },
    })
    expect(signedOut.status()).toBe(204)
    await callButton(page, JOKE).click()
    await payWith(page, CARDS.good)
    await expect(balance(page, '$4.97')).toBeVisible()
    await spend(page, '$4.96')
    expect(shownBy(requestsTo(demo, '/api/joke')).at(-1)).toBe('session')
    expectOneCharge(demo)
  })

  test('leaves no key and no token in a browser that has signed out', async ({ page }) => {
    await openAccount(page)
    await page.getByRole('banner').getByRole('button', { name: 'Balance $4.99' }).click()
    await page.getByRole('button', { name: 'Sign out here' }).click()
    await expect(balance(page, '$4.99')).toBeHidden()
    const keysLeft = (): Promise<number> =>
      page.evaluate(
        () =>
          new Promise<number>((resolve, reject) => {
            const opening = indexedDB.open('stripe402')
            opening.onerror = () => reject(opening.error)
            opening.onsuccess = () => {
              const counting = opening.result.transaction('keys').objectStore('keys').count()
              counting.onsuccess = () => resolve(counting.result)
            }
          }),
      )
    await expect.poll(keysLeft).toBe(0)
    expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('v1.')
  })
})
