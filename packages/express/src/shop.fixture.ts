import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type ClientId,
  HEADERS,
  type Payment,
  type PaymentRequired,
  type PaymentResponse,
  readPaymentRequired,
  readPaymentResponse,
  serializePayment,
} from '@stripe402/core'
import {
  type Account,
  createStripe402,
  MemoryStore,
  type Stripe402,
  type Stripe402Options,
} from '@stripe402/server'
import { startStripeLocal } from '@stripe402/stripe-local'
import express, { type Express } from 'express'
import { type ExpressPaywall, expressPaywall } from './express-paywall.js'

/** A shop on a free port with a Stripe of its own, and the count of what its handlers did. */
export interface Shop {
  url: string
  stripe402: Stripe402
  store: Stripe402Options['store']
  stripe: Awaited<ReturnType<typeof startStripeLocal>>
  served: string[]
  pay(path: string, payment: Omit<Payment, 'stripe402Version'>, init?: RequestInit): Promise<Reply>
  get(path: string, init?: RequestInit): Promise<Reply>
  /** Buys credit for its own sake and gives the client that has it. */
  topUp(payment?: Omit<Payment, 'stripe402Version'>): Promise<ClientId>
  /** What cards were charged, in the minor unit, smallest first. */
  charges(): number[]
  /** The account once every capture is written. */
  account(clientId: ClientId | undefined, currency?: string): Promise<Account>
  stop(): Promise<void>
}

/** An HTTP answer with its headers read. */
export interface Reply {
  status: number
  headers: Headers
  text: string
  challenge: PaymentRequired | null
  receipt: PaymentResponse | null
}

/** Opens a shop; `routes` adds its paid handlers to an app of this Express. */
export async function openShop(
  routes: (app: Express, paywall: ExpressPaywall, served: string[]) => void,
  options: Partial<Stripe402Options> = {},
  createApp: () => Express = express,
): Promise<Shop> {
  const stripe = await startStripeLocal()
  const store = options.store ?? new MemoryStore()
  const stripe402 = createStripe402({
    stripe: { secretKey: stripe.stripeLocal.keys.secretKey, apiBase: stripe.url },
    publishableKey: stripe.stripeLocal.keys.publishableKey,
    secret: 'the shop secret of thirty-two bytes',
    webhookSecret: 'whsec_shop',
    logger: { warn() {}, error() {} },
    ...options,
    store,
  })
  const served: string[] = []
  const app = createApp()
  const paywall = expressPaywall(stripe402)
  app.use(paywall.router())
  routes(app, paywall, served)
  app.use(
    (error: Error, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      response.status(500).json({ fault: error.name })
    },
  )
  const server = createServer({ maxHeaderSize: 16 * 1024 * 1024 }, app)
  const url = await listen(server)
  const get = async (path: string, init: RequestInit = {}): Promise<Reply> =>
    read(await fetch(url + path, init))
  const pay: Shop['pay'] = (path, payment, init = {}) =>
    get(path, { ...init, headers: { ...init.headers, [HEADERS.PAYMENT]: serializePayment(payment) } })
  return {
    url,
    stripe402,
    store,
    stripe,
    served,
    get,
    pay,
    async topUp(payment = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }) {
      const reply = await pay('/.well-known/stripe402/top-up', payment, { method: 'POST' })
      if (!reply.receipt) throw new Error(`the top-up was refused: ${reply.text}`)
      return reply.receipt.clientId
    },
    charges: () =>
      stripe.stripeLocal.state
        .paymentIntents()
        .filter((intent) => intent.status === 'succeeded')
        .map((intent) => intent.amount_received)
        .sort((a, b) => a - b),
    async account(clientId, currency = 'usd') {
      if (!clientId) throw new Error('no client id')
      await stripe402.close()
      return store.account({ clientId, currency })
    },
    async stop() {
      await stripe402.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await stripe.close()
    },
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

async function read(response: Response): Promise<Reply> {
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
