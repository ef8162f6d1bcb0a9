import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { test as base, expect, type Page } from '@playwright/test'
import type {
  Stripe,
  StripeElements,
  StripePaymentElement,
  StripePaymentElementOptions,
} from '@stripe/stripe-js'
import type { loadStripe } from '@stripe/stripe-js/pure'
import { startStripeLocal } from '@stripe402/stripe-local'
import StripeApi from 'stripe'
import { routeStripe } from './stripe-routes.js'

declare global {
  interface Window {
    loadStripe: typeof loadStripe
    stripe: Stripe
    elements: StripeElements
    element: StripePaymentElement
    /** Element events, `kind:detail`, in order. */
    heard: string[]
    /** Everything that any frame said to the page. */
    posted: string[]
    violations: string[]
    result: Promise<unknown>
  }
}

const csp = [
  "default-src 'self'",
  "script-src 'self' https://js.stripe.com https://*.js.stripe.com",
  'frame-src https://js.stripe.com https://*.js.stripe.com https://hooks.stripe.com',
  "connect-src 'self' https://api.stripe.com",
  "style-src 'self'",
  'report-uri /csp-report',
].join('; ')

const page = `<!doctype html><html lang="en"><head><title>Shop</title><script type="module" src="/shop.js"></script></head>
<body><main><h1>Shop</h1><div id="card"></div><div id="other"></div><button id="pay">Pay</button></main></body></html>`

const script = `
import { loadStripe } from '/pure.mjs'
Object.assign(window, { loadStripe, heard: [], posted: [], violations: [] })
addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective + ' ' + event.blockedURI))
addEventListener('message', (event) => posted.push(JSON.stringify(event.data)))`

interface Shop {
  readonly url: string
  readonly cspReports: string[]
}

async function startShop(): Promise<Shop & { close: () => Promise<void> }> {
  const cspReports: string[] = []
  const pure = await readFile(
    new URL('../node_modules/@stripe/stripe-js/dist/pure.mjs', import.meta.url),
    'utf8',
  )
  const server: Server = createServer((request, response) => {
    if (request.url === '/csp-report') cspReports.push('report')
    const js = { '/shop.js': script, '/pure.mjs': pure }[request.url ?? '']
    response.setHeader('content-type', js === undefined ? 'text/html; charset=utf-8' : 'text/javascript')
    response.setHeader('content-security-policy', csp)
    response.end(js ?? page)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The shop has no port.')
  return {
    url: `http://127.0.0.1:${address.port}/`,
    cspReports,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** A page of a shop under a strict policy, with the official loader, and the local Stripe where the real one is. */
export const test = base.extend<
  { stripe: StripeApi; requests: { url: string; body: string; frame: string }[] },
  { local: Awaited<ReturnType<typeof startStripeLocal>>; shop: Shop }
>({
  local: [
    // Playwright insists on a pattern here; this fixture needs no other.
    async ({ playwright: _playwright }, use) => {
      const local = await startStripeLocal()
      await use(local)
      await local.close()
    },
    { scope: 'worker' },
  ],
  shop: [
    async ({ playwright: _playwright }, use) => {
      const shop = await startShop()
      await use(shop)
      await shop.close()
    },
    { scope: 'worker' },
  ],
  stripe: async ({ local }, use) => {
    const { hostname, port } = new URL(local.url)
    await use(new StripeApi('sk_test_local', { host: hostname, port, protocol: 'http', telemetry: false }))
  },
  requests: async ({ context }, use) => {
    const seen: { url: string; body: string; frame: string }[] = []
    context.on('request', (request) => {
      seen.push({ url: request.url(), body: request.postData() ?? '', frame: request.frame().url() })
    })
    await use(seen)
  },
  // Listening before the page loads.
  page: async ({ page, context, local, shop, requests: _requests }, use) => {
    await routeStripe(context, local.url)
    await page.goto(shop.url)
    await page.waitForFunction(() => typeof window.loadStripe === 'function')
    await use(page)
    // Every test is also a test of the policy.
    expect(await page.evaluate(() => window.violations)).toEqual([])
    expect(shop.cspReports).toEqual([])
  },
})

/** Loads Stripe.js with the official loader. */
export async function load(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const stripe = await window.loadStripe('pk_test_local')
    if (!stripe) throw new Error('loadStripe resolved to nothing.')
    window.stripe = stripe
  })
}

/** Mounts a Payment Element as the paywall does. */
export async function mount(
  page: Page,
  options: StripePaymentElementOptions = {},
  group: object = {},
): Promise<void> {
  await load(page)
  await page.evaluate(
    ([elementOptions, groupOptions]) => {
      window.elements = window.stripe.elements({
        mode: 'payment',
        amount: 500,
        currency: 'usd',
        paymentMethodCreation: 'manual',
        allowedPaymentMethodTypes: ['card'],
        ...groupOptions,
      })
      window.element = window.elements.create('payment', elementOptions)
      window.element.on('loaderstart', () => window.heard.push('loaderstart'))
      window.element.on('focus', () => window.heard.push('focus'))
      window.element.on('blur', () => window.heard.push('blur'))
      window.element.on('escape', () => window.heard.push('escape'))
      window.element.on('loaderror', () => window.heard.push('loaderror'))
      window.element.on('change', ({ empty, complete, value }) => {
        window.heard.push(`change:${empty ? 'empty' : complete ? 'complete' : 'partial'}:${value.type}`)
      })
      const isReady = new Promise<void>((resolve) => {
        window.element.on('ready', ({ elementType }) => {
          window.heard.push(`ready:${elementType}`)
          resolve()
        })
      })
      window.element.mount('#card')
      return isReady
    },
    [options, group] as const,
  )
}
