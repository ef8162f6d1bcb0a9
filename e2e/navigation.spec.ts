import { createServer, type Server } from 'node:http'
import type { Page } from '@playwright/test'
import { serializePayment } from '@stripe402/core'
import { type AccountKey, deriveClientId } from '@stripe402/server'
import type { DemoForTest } from './demo-for-test.js'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { balance, callButton, expectOneCharge, requestsTo } from './playground.js'
import { CARDS } from './stripe-frames.js'

const PAID_CELL = '62.9 %'

/** Opens an account of $5 in the playground, of which a cent is spent. */
async function openAccount(page: Page): Promise<void> {
  await page.goto('/playground')
  await callButton(page, 'Joke with fetch').click()
  await payWith(page, CARDS.good)
  await expect(balance(page, '$4.99')).toBeVisible()
  await expect(dialogOf(page)).toBeHidden()
}

/** The account of the only card that was charged. */
function accountOf(demo: DemoForTest): AccountKey {
  const { payment_method_details: details } = demo.stripe.log.assertOneCharge()
  return { clientId: deriveClientId(details?.card?.fingerprint ?? '', demo.secret), currency: 'usd' }
}

/** What it has spent, or is about to, in units. */
async function spent(demo: DemoForTest): Promise<number> {
  const account = await demo.store.account(accountOf(demo))
  return account.spent + account.held
}

test.describe('a person with a session', () => {
  test('opens a paid page by hand and by a link: one request, no script in between', async ({
    page,
    context,
    demo,
  }) => {
    await openAccount(page)
    const [cookie] = await context.cookies()
    expect(cookie).toMatchObject({ name: 'stripe402', httpOnly: true, sameSite: 'Lax', path: '/' })
    expect(cookie?.domain).toBe('localhost')
    expect(await page.evaluate(() => document.cookie)).toBe('')

    const response = await page.goto('/report')
    expect(response?.status()).toBe(200)
    await expect(page.getByRole('cell', { name: PAID_CELL })).toBeVisible()
    await expect(balance(page, '$4.89')).toBeVisible()
    expect(requestsTo(demo, '/report')).toMatchObject([{ method: 'GET', hasPayment: false }])
    await page.goto('/terms')
    await page.getByRole('banner').getByRole('link', { name: 'Report' }).click()
    await expect(page.getByRole('cell', { name: PAID_CELL })).toBeVisible()
    // It is open for a day.
    await expect(balance(page, '$4.89')).toBeVisible()
    expect(requestsTo(demo, '/report')).toHaveLength(2)
    expectOneCharge(demo)
  })

  test('still opens it once the session has run out: the page asks for a new one by itself', async ({
    page,
    demo,
  }) => {
    await openAccount(page)
    demo.passTime(11 * 60_000)
    expect((await page.goto('/report'))?.status()).toBe(402)
    await expect(page.getByRole('cell', { name: PAID_CELL })).toBeVisible()
    expect((await page.goto('/report'))?.status()).toBe(200)
    expectOneCharge(demo)
  })

  test('leaves no cookie behind when they sign out', async ({ page, context }) => {
    await openAccount(page)
    await page.getByRole('banner').getByRole('button', { name: 'Balance $4.99' }).click()
    await page.getByRole('button', { name: 'Sign out here' }).click()
    await expect.poll(async () => (await context.cookies()).length).toBe(0)
    expect((await page.goto('/report'))?.status()).toBe(402)
  })
})

test.describe('another site', () => {
  let site: Server
  let elsewhere: string

  test.beforeEach(async () => {
    site = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Elsewhere</title>')
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const address = site.address()
    if (address === null || typeof address === 'string') throw new Error('The site has no port.')
    // To a browser another site than localhost.
    elsewhere = `http://127.0.0.1:${address.port}`
  })
  test.afterEach(() => void site.close())

  test('spends nothing with images, frames, scripts, fetches, forms and windows', async ({
    page,
    context,
    demo,
    watch,
  }) => {
    // The attempts are refused by whom they should be, and browsers say so.
    watch.expect(/./)
    await openAccount(page)
    const before = await spent(demo)
    expect(before).toBe(100)
    await page.goto(elsewhere)
    const paid = [`${demo.url}/report`, `${demo.url}/api/joke`, `${demo.url}/api/weather?city=Oslo`]
    const { clientId } = accountOf(demo)
    const payment = serializePayment({ clientId, currency: 'usd' })
    const attempt = { urls: paid, payment }
    await page.evaluate(async ({ urls, payment }) => {
      const loaded = (element: HTMLElement): Promise<void> =>
        new Promise((resolve) => {
          element.onload = () => resolve()
          element.onerror = () => resolve()
          document.body.append(element)
        })
      for (const url of urls) {
        await loaded(Object.assign(document.createElement('img'), { src: url }))
        await loaded(Object.assign(document.createElement('iframe'), { src: url }))
        await loaded(Object.assign(document.createElement('script'), { src: url }))
        await loaded(Object.assign(document.createElement('object'), { data: url, type: 'text/html' }))
        await loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: url }))
        for (const mode of ['no-cors', 'cors'] as const)
          for (const method of ['GET', 'POST'])
            await fetch(url, { mode, method, credentials: 'include' }).catch(() => {})
        await fetch(url, { credentials: 'include', headers: { payment } }).catch(() => {})
        navigator.sendBeacon(url, 'x')
      }
    }, attempt)
    for (const url of paid)
      for (const method of ['POST', 'GET']) {
        const popup = context.waitForEvent('page')
        await page.evaluate(
          ([action = '', how = '']) => {
            const form = Object.assign(document.createElement('form'), {
              action,
              method: how,
              target: '_blank',
            })
            document.body.append(form)
            form.submit()
          },
          [url, method],
        )
        const opened = await popup
        await opened.waitForURL(({ href }) => href.startsWith(url.split('?')[0] ?? ''))
        // The shop's own page has asked for what it could have without a person, and now asks the person.
        if (method === 'GET') await expect(opened.getByRole('region', { name: /^Pay / })).toBeVisible()
        await opened.close()
      }
    // Every attempt has reached the server.
    expect(requestsTo(demo, '/report').length).toBeGreaterThan(8)
    expect(await spent(demo)).toBe(before)
    expectOneCharge(demo)
  })

  test('brings a person to a paid page by a link, which spends their credit only when they say so', async ({
    page,
    demo,
    watch,
  }) => {
    watch.expect(/127\.0\.0\.1/)
    await openAccount(page)
    const before = await spent(demo)
    await page.goto(elsewhere)
    await page.evaluate((href) => {
      document.body.append(Object.assign(document.createElement('a'), { href, textContent: 'To the report' }))
    }, `${demo.url}/report`)
    await page.getByRole('link', { name: 'To the report' }).click()
    await expect(page.getByRole('region', { name: 'Pay stripe402 demo' })).toBeVisible()
    await expect(page.getByRole('cell', { name: PAID_CELL })).toBeHidden()
    expect(await spent(demo)).toBe(before)
    await page
      .getByRole('region')
      .getByRole('button', { name: /\$0\.10/ })
      .click()
    await expect(page.getByRole('cell', { name: PAID_CELL })).toBeVisible()
    await expect(balance(page, '$4.89')).toBeVisible()
    expectOneCharge(demo)
  })
})
