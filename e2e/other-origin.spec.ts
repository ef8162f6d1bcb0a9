import { randomBytes } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { expressPaywall } from '@stripe402/express'
import { createStripe402, MemoryStore } from '@stripe402/server'
import express from 'express'
import { bundle } from './bundle.js'
import type { DemoForTest } from './demo-for-test.js'
import { expect, test } from './fixtures.js'
import { dialogOf, payWith } from './payment-dialog.js'
import { expectOneCharge } from './playground.js'
import { CARDS } from './stripe-frames.js'

/** An API of its own that the pages of the demo may call, with the Stripe account of the demo. */
async function openApi(demo: DemoForTest): Promise<{ url: string; close: () => void }> {
  const { keys } = demo.stripe
  const stripe402 = createStripe402({
    stripe: { secretKey: keys.secretKey, apiBase: demo.stripeUrl },
    publishableKey: keys.publishableKey,
    secret: randomBytes(32).toString('hex'),
    store: new MemoryStore(),
    payee: { name: 'Elsewhere' },
  })
  await stripe402.start()
  const paywall = expressPaywall(stripe402)
  const app = express()
  app.use(paywall.cors({ origins: [demo.url] }))
  app.use(paywall.router())
  app.get('/joke', paywall.paymentRequired({ price: 100 }), (_request, response) => {
    response.json({ joke: 'Knock, knock.' })
  })
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The API has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    close() {
      server.close().closeAllConnections()
      void stripe402.close()
    },
  }
}

test.describe('an origin that the paywall of the page does not list', () => {
  // The policy of the demo's pages lets them ask their own server alone.
  test.use({ bypassCSP: true })
  let api: Awaited<ReturnType<typeof openApi>>
  test.beforeEach(async ({ page, demo }) => {
    api = await openApi(demo)
    await page.goto('/terms')
    // A person is there: the dialog asks, and not the bar.
    await page.getByRole('heading').first().click()
  })
  test.afterEach(() => api.close())

  test('is asked what came of a card when its reply was lost', async ({ page, demo, watch }) => {
    watch.expect(/net::ERR_FAILED/)
    const script = await bundle(`
      import { wrapFetch } from '@stripe402/client'
      const { payer } = document.querySelector('stripe402-paywall')
      window.paidFetch = wrapFetch(fetch, { payer, origins: ['${api.url}'] })`)
    await page.route('**/own-client.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: script }),
    )
    await page.route(`${api.url}/joke`, async (route) => {
      if (!route.request().headers().payment) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await page.evaluate(async (url) => {
      const src = '/own-client.js'
      const script = Object.assign(document.createElement('script'), { type: 'module', src })
      await new Promise((resolve) => {
        script.onload = resolve
        document.head.append(script)
      })
      void Reflect.get(window, 'paidFetch')(`${url}/joke`).catch(() => {})
    }, api.url)
    await payWith(page, CARDS.good)
    await expect(dialogOf(page).getByRole('alert')).toContainText('Please do not pay again')
    await expect(dialogOf(page).getByText('Paid', { exact: true })).toBeVisible()
    expectOneCharge(demo)
  })

  test('sells credit to its <stripe402-balance>', async ({ page, demo }) => {
    await page.evaluate((origin) => {
      const purse = Object.assign(document.createElement('stripe402-balance'), { id: 'purse', origin })
      document.querySelector('main')?.append(purse)
    }, api.url)
    const purse = page.locator('#purse')
    await purse.getByRole('button', { name: 'Top up' }).click()
    await expect(page.getByRole('dialog', { name: 'Top up at Elsewhere' })).toBeVisible()
    await payWith(page, CARDS.good)
    await expect(purse.getByRole('button', { name: 'Balance $5.00', exact: true })).toBeVisible()
    expectOneCharge(demo)
  })
})
