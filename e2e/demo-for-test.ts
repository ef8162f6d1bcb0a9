import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { fileURLToPath } from 'node:url'
import { type Payment, readPayment } from '@stripe402/core'
import { createStripe402, MemoryStore, type Store, type Stripe402Event } from '@stripe402/server'
import { type StripeLocal, startStripeLocal } from '@stripe402/stripe-local'
import { createDemoApp } from '../demo/dist/server/demo-app.js'
import { breaksOf } from './audit-demo.js'
import { watchCanaries } from './canaries.js'

/** One request as the demo's server got it. */
export interface ReceivedRequest {
  method: string
  /** Path and query. */
  url: string
  /** Whether it carried the `payment` header. */
  hasPayment: boolean
  /** What it paid with, as far as that could be read. */
  payment: Payment | null
}

/** The demo, with a Stripe, a store and a port of its own. */
export interface DemoForTest {
  url: string
  stripe: StripeLocal
  stripeUrl: string
  store: Store
  secret: string
  events: Stripe402Event[]
  /** Moves the clock of the server and its store on; browsers learn of it by the `Date` of its answers. */
  passTime(durationMs: number): void
  /** Every request that reached the server, oldest first. */
  requests: ReceivedRequest[]
  /** Where its log goes. */
  log(line: string): void
  /** Every byte that browsers sent to the server: request lines, headers and bodies. Stripe's webhooks are left out. */
  bytesFromBrowsers(): string
  /**
   * Ends it.
   *
   * @throws Error when an audit of its store and of its Stripe finds a break, or a secret has escaped.
   */
  close(): Promise<void>
}

const SITE = fileURLToPath(new URL('../demo/dist/site', import.meta.url))
const WEBHOOK = '/.well-known/stripe402/webhook'

/** Starts the built demo as it runs with Stripe's own keys: with the real loader of Stripe.js and its policy. */
export async function startDemoForTest(): Promise<DemoForTest> {
  const local = await startStripeLocal()
  const { keys, webhooks } = local.stripeLocal
  let passedMs = 0
  const clock = (): number => Date.now() + passedMs
  const store = new MemoryStore({ clock })
  const secret = randomBytes(32).toString('hex')
  const webhookSecret = `whsec_${randomBytes(24).toString('hex')}`
  const events: Stripe402Event[] = []
  const canaries = watchCanaries()
  let answer: RequestListener = () => {}
  const requests: ReceivedRequest[] = []
  const connections: Buffer[][] = []
  const server = createServer((request, response) => {
    requests.push(received(request))
    canaries.watch(request, response)
    response.setHeader('date', new Date(clock()).toUTCString())
    answer(request, response)
  })
  // Below HTTP, so that no part of a request can be missed.
  server.on('connection', (socket) => {
    const chunks: Buffer[] = []
    connections.push(chunks)
    socket.on('data', (chunk) => void chunks.push(chunk))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The demo has no port.')
  const url = `http://localhost:${address.port}`
  const stripe402 = createStripe402({
    stripe: { secretKey: keys.secretKey, apiBase: local.url },
    publishableKey: keys.publishableKey,
    secret,
    store,
    runtime: { now: clock },
    webhookSecret,
    payee: { name: 'stripe402 demo', supportUrl: `${url}/terms#support`, termsUrl: `${url}/terms` },
    paywallScriptUrl: '/static/paywall-page.js',
    logger: { warn: canaries.log, error: canaries.log },
    onEvent(event) {
      events.push(event)
      canaries.event(event)
    },
  })
  await stripe402.start()
  answer = createDemoApp({
    stripe402,
    site: SITE,
    config: { mode: 'test', publishableKey: keys.publishableKey, stripeJsUrl: null },
  })
  webhooks.add({
    url: `http://127.0.0.1:${address.port}${WEBHOOK}`,
    secret: webhookSecret,
  })

  return {
    url,
    stripe: local.stripeLocal,
    stripeUrl: local.url,
    store,
    secret,
    events,
    passTime(durationMs) {
      passedMs += durationMs
    },
    requests,
    log: canaries.log,
    bytesFromBrowsers: () =>
      connections
        .map((chunks) => Buffer.concat(chunks).toString('utf8'))
        .filter((text) => !text.startsWith(`POST ${WEBHOOK}`))
        .join('\n'),
    async close() {
      await webhooks.settled()
      await stripe402.close()
      local.stripeLocal.faults.clear()
      const breaks = await breaksOf(stripe402)
      const escaped = canaries.escaped(local.stripeLocal)
      await local.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      if (escaped.length > 0) throw new Error(`Secrets in logs, events and errors:\n${escaped.join('\n')}`)
      if (breaks.length > 0) throw new Error(`The audit found:\n${breaks.join('\n')}`)
    },
  }
}

function received({ method = '', url = '', headers }: IncomingMessage): ReceivedRequest {
  const read = readPayment(headers.payment?.toString())
  return { method, url, hasPayment: 'payment' in headers, payment: read.ok ? read.value : null }
}
