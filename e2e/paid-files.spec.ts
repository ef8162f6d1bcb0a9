import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Page } from '@playwright/test'
import { expressPaywall } from '@stripe402/express'
import { createStripe402, MemoryStore } from '@stripe402/server'
import express, { type Response } from 'express'
import type { DemoForTest } from './demo-for-test.js'
import { expect, test } from './fixtures.js'
import { CARDS, fillCard } from './stripe-frames.js'

const DIST = fileURLToPath(new URL('../packages/paywall/dist', import.meta.url))
const POLICY =
  "default-src 'self'; script-src 'self' https://js.stripe.com https://*.js.stripe.com; " +
  'frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com; ' +
  "connect-src 'self' https://api.stripe.com; style-src 'self'"
const ZIP = Buffer.from(`PK\u0005\u0006${'\0'.repeat(18)}`, 'latin1')

/** What is sold for ten cents each, by path. */
const FILES: Readonly<Record<string, (response: Response) => void>> = {
  '/archive': (response) =>
    response
      .set({
        'content-type': 'application/zip',
        'content-disposition': `attachment; filename="map.zip"; filename*=UTF-8''caf%C3%A9.zip`,
      })
      .send(ZIP),
  '/report': (response) => response.set('content-type', 'application/pdf').send('%PDF-1.4'),
  '/feed': (response) => response.set('content-type', 'application/xml').send('<b>Oslo</b>'),
  '/song': (response) => response.set('content-type', 'audio/mpeg').send('ID3'),
  '/cut': (response) => {
    response.set({ 'content-type': 'text/html', 'content-length': '1000' })
    response.write('<p>The first half', () => response.destroy())
  },
}

interface Shop {
  url: string
  /** Paths of requests that showed a payment. */
  paid: string[]
  close(): void
}

/** A shop that sells files by their address, with the Stripe account of the demo. */
async function openShop(demo: DemoForTest): Promise<Shop> {
  const { keys } = demo.stripe
  const stripe402 = createStripe402({
    stripe: { secretKey: keys.secretKey, apiBase: demo.stripeUrl },
    publishableKey: keys.publishableKey,
    secret: randomBytes(32).toString('hex'),
    store: new MemoryStore(),
    payee: { name: 'File shop' },
    paywallScriptUrl: '/dist/stripe402-paywall.js',
    // Every navigation is answered with the page that pays.
    navigationCookie: false,
  })
  await stripe402.start()
  const paywall = expressPaywall(stripe402)
  const app = express()
  const paid: string[] = []
  app.use((request: IncomingMessage, response, next) => {
    if (request.headers.payment) paid.push(request.url ?? '')
    response.set('content-security-policy', POLICY)
    next()
  })
  app.use(paywall.router())
  app.use('/dist', express.static(DIST))
  app.get('/favicon.ico', (_request, response) => void response.status(204).end())
  for (const [path, answer] of Object.entries(FILES))
    app.get(path, paywall.paymentRequired({ price: '$0.10' }), (_request, response) => answer(response))
  const server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The shop has no port.')
  return {
    url: `http://localhost:${address.port}`,
    paid,
    close() {
      server.close().closeAllConnections()
      void stripe402.close()
    },
  }
}

/** Opens the archive with a card, and saves it. */
async function buyArchive(page: Page, shop: Shop): Promise<void> {
  await page.goto(`${shop.url}/archive`)
  await fillCard(page, CARDS.good)
  await page.getByRole('button', { name: 'Pay $5.00' }).click()
  await expect(page.getByRole('link', { name: 'Download' })).toBeVisible()
}

test.describe('a paid address that is no page', () => {
  // High enough for all of the form.
  test.use({ viewport: { width: 1280, height: 1200 } })
  let shop: Shop
  test.beforeEach(async ({ demo }) => {
    shop = await openShop(demo)
  })
  test.afterEach(() => shop.close())

  test('is a file to download under the name that the seller gives, as it came', async ({ page }) => {
    await buyArchive(page, shop)
    await expect(page.getByText('café.zip')).toBeVisible()
    const downloading = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download' }).click()
    const download = await downloading
    expect(download.suggestedFilename()).toBe('café.zip')
    expect(readFileSync(await download.path())).toEqual(ZIP)
    expect(shop.paid).toEqual(['/archive'])
  })

  test('is a link that opens it, too, for a PDF, text for XML, and a file where the policy lets no sound play', async ({
    page,
    watch,
  }) => {
    watch.expect(/media-src|default-src/)
    await buyArchive(page, shop)
    await page.goto(`${shop.url}/report`)
    await expect(page.getByRole('link', { name: 'report.pdf' })).toHaveAttribute('target', '_blank')
    await expect(page.getByRole('link', { name: 'Download' })).toHaveAttribute('download', 'report.pdf')
    await page.goto(`${shop.url}/feed`)
    await expect(page.getByText('<b>Oslo</b>')).toBeVisible()
    await page.goto(`${shop.url}/song`)
    await expect(page.getByRole('link', { name: 'Download' })).toHaveAttribute('download', 'song.mpeg')
    expect(watch.violations.splice(0)).toEqual(['media-src blob'])
    expect(shop.paid).toEqual(['/archive', '/report', '/feed', '/song'])
  })

  test('whose body breaks off is said to be paid, and is paid for again only by who says so', async ({
    page,
    watch,
  }) => {
    watch.expect(/net::ERR/)
    await buyArchive(page, shop)
    await page.goto(`${shop.url}/cut`)
    await expect(page.getByRole('alert')).toHaveText(
      'This is paid, but it could not be loaded. You are asked before anything more is spent.',
    )
    expect(shop.paid).toEqual(['/archive', '/cut'])
    await page.getByRole('button', { name: 'Try again' }).click()
    await expect(page.getByRole('button', { name: 'Continue for $0.10' })).toBeVisible()
    expect(shop.paid).toEqual(['/archive', '/cut'])
    await page.getByRole('button', { name: 'Continue for $0.10' }).click()
    await expect(page.getByRole('alert')).toContainText('This is paid')
    expect(shop.paid).toEqual(['/archive', '/cut', '/cut'])
  })
})
