import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  HEADERS,
  type Payment,
  type PaymentRequired,
  type PaymentResponse,
  readPaymentRequired,
  readPaymentResponse,
  serializePayment,
} from '@stripe402/core'
import { createStripe402, MemoryStore, type Stripe402 } from '@stripe402/server'
import { createDemoApp } from './demo-app.js'
import { readSettings } from './demo-settings.js'
import { closeServer } from './http-server.js'
import { listen } from './listen.js'
import { startLocalStripe } from './local-stripe.js'
import { type Demo, startDemo } from './start-demo.js'

/** Folders for one test; what is paid survives as long as they do. */
export interface DemoHome {
  site: string
  dataFolder: string
  /** Starts a demo on free ports. */
  start(environment?: Record<string, string>): Promise<Demo>
  remove(): Promise<void>
}

/** The demo's app, with a Stripe of its own and balances in memory. */
export interface DemoInMemory {
  url: string
  localStripeUrl: string
  stripe402: Stripe402
  close(): Promise<void>
}

/** Starts the app without a database; its server goes by `clock`, and says so. */
export async function startInMemory(clock: () => number = Date.now): Promise<DemoInMemory> {
  const home = await makeHome()
  const stripe = await startLocalStripe(0)
  const stripe402 = createStripe402({
    stripe: { secretKey: stripe.keys.secretKey, apiBase: stripe.keys.apiBase },
    publishableKey: stripe.keys.publishableKey,
    secret: 'the demo secret of thirty-two bytes',
    store: new MemoryStore({ clock }),
    runtime: { now: clock },
    payee: { name: 'stripe402 demo' },
    paywallScriptUrl: '/static/paywall-page.js',
  })
  const { publishableKey } = stripe.keys
  const config = { mode: 'local', publishableKey, stripeJsUrl: `${stripe.url}/endive/stripe.js` } as const
  const app = createDemoApp({ stripe402, site: home.site, config })
  const server = createServer((request, response) => {
    response.setHeader('date', new Date(clock()).toUTCString())
    app(request, response)
  })
  return {
    stripe402,
    url: `http://localhost:${await listen(server, 0, 'PORT')}`,
    localStripeUrl: stripe.url,
    async close() {
      await closeServer(server, 0)
      await stripe402.close()
      await stripe.close()
      await home.remove()
    },
  }
}

/** An HTTP answer with its headers read. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  challenge: PaymentRequired | null
  receipt: PaymentResponse | null
}

/** Makes an empty home with a site of one line per page. */
export async function makeHome(): Promise<DemoHome> {
  const root = await mkdtemp(join(tmpdir(), 'stripe402-demo-'))
  const site = join(root, 'site')
  const dataFolder = join(root, 'data')
  await mkdir(join(site, 'assets'), { recursive: true })
  for (const page of ['index', 'article', 'playground', 'report', 'terms'])
    await writeFile(join(site, `${page}.html`), `<!doctype html><title>${page}</title>`)
  await writeFile(join(site, 'assets', 'app-1.js'), 'export {}')
  return {
    site,
    dataFolder,
    start: (environment = {}) =>
      startDemo(readSettings({ PORT: '0', STRIPE_LOCAL_PORT: '0', ...environment }), { site, dataFolder }),
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

/** Sends a request, with a payment if there is one. */
export async function send(
  url: string,
  payment?: Omit<Payment, 'stripe402Version'>,
  init: RequestInit = {},
): Promise<Reply> {
  const headers = new Headers(init.headers)
  if (payment) headers.set(HEADERS.PAYMENT, serializePayment(payment))
  const response = await fetch(url, { ...init, headers })
  const challenge = readPaymentRequired(response.headers.get(HEADERS.PAYMENT_REQUIRED))
  const receipt = readPaymentResponse(response.headers.get(HEADERS.PAYMENT_RESPONSE))
  return {
    status: response.status,
    headers: response.headers,
    text: await response.text(),
    challenge: challenge.ok ? challenge.value : null,
    receipt: receipt.ok ? receipt.value : null,
  }
}
