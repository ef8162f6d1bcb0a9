import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import {
  ERROR_STATUS,
  type ErrorCode,
  encodeHeader,
  HEADERS,
  isClientId,
  type NextAction,
  type Payment,
  type PaymentRequired,
  type PurchaseId,
  readPayment,
  serializePaymentResponse,
} from '@stripe402/core'
import type { ShopState } from './shop-state.fixture.js'

interface Purchase {
  state: 'paid' | 'checking' | 'pending'
  units: number
  /** Whose reply never arrives: a browser repeats a request by itself when its connection breaks. */
  lostFor?: string | undefined
}

interface Gate {
  arrive(): void
  open(): void
  readonly arrived: Promise<void>
  readonly opened: Promise<void>
}

interface Shop extends ShopState {
  id: string
  purchases: Map<PurchaseId, Purchase>
  gates: Map<string, Gate>
}

/**
 * A seller that speaks the wire of this project, one shop per test: `/shop/<id>/paid/100/…` costs 100 units.
 *
 * Cards by PaymentMethod: `pm_good…` pays, `pm_declined…` does not, `pm_check…` wants 3-D Secure, `pm_pending…` is
 * pending once, `pm_lost…` charges and then drops the connection.
 */
export function createSeller(): (request: IncomingMessage, response: ServerResponse) => Promise<unknown> {
  const shops = new Map<string, Shop>()
  return async (request, response) => {
    const [, id = '', path = ''] = /\/shop\/([\w-]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const shop = shops.get(id) ?? openShop(id)
    shops.set(id, shop)
    const body = await readBody(request)
    allowOrigins(shop, request, response)
    if (path.startsWith('/control/')) return control(shop, path, body, response)
    const payment = readPayment(request.headers[HEADERS.PAYMENT]?.toString())
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, `${value}`]),
    )
    const seen = {
      method: request.method ?? '',
      url: path,
      headers,
      body,
      payment: payment.ok ? payment.value : null,
    }
    shop.seen.push(seen)
    if (seen.method === 'OPTIONS') return response.writeHead(204).end()
    const [, gate, rest = path] = /^\/gate\/(\w+)(\/.*)$/.exec(path) ?? []
    if (gate && (seen.payment || !rest.startsWith('/paid'))) {
      gateOf(shop, gate).arrive()
      await gateOf(shop, gate).opened
    }
    return serve(shop, rest, seen.payment, { method: seen.method, body, response })
  }
}

interface Serving {
  method: string
  body: string
  response: ServerResponse
}

function serve(shop: Shop, path: string, payment: Payment | null, serving: Serving): unknown {
  const { response, method, body } = serving
  const [, kind = '', argument = ''] = path.split(/[/?]/)
  const url = new URL(path, 'http://shop.invalid')
  switch (kind) {
    case 'paid':
      return pay(shop, { path, price: Number(argument), payment }, serving)
    case 'redirect':
      return response.writeHead(Number(argument), { location: url.searchParams.get('to') ?? '/' }).end()
    case 'plain402':
      return response.writeHead(402, { 'content-type': 'application/json' }).end('{"pay":"elsewhere"}')
    case 'foreign402':
      return response
        .writeHead(402, { [HEADERS.PAYMENT_REQUIRED]: encodeHeader({ x402Version: 2, accepts: [] }) })
        .end('foreign')
    case 'broken402':
      return response
        .writeHead(402, { [HEADERS.PAYMENT_REQUIRED]: url.searchParams.get('header') ?? '%%%' })
        .end('broken')
    case 'status':
      return response
        .writeHead(Number(argument), { 'x-shop': shop.id })
        .end(method === 'HEAD' ? '' : 'native')
    default:
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ method, body }))
  }
}

function pay(
  shop: Shop,
  { path, price, payment }: { path: string; price: number; payment: Payment | null },
  { response, method, body }: Serving,
): unknown {
  const currency = payment?.currency ?? shop.currencies[0] ?? 'usd'
  const refuse = (error?: ErrorCode, nextAction?: NextAction): unknown => {
    const challenge: PaymentRequired = {
      stripe402Version: 1,
      resource: { url: path, description: 'A thing · 物 · شيء' },
      accepts: shop.currencies.map((one) => ({
        scheme: 'stripe',
        currency: one,
        amount: price,
        minTopUp: shop.minTopUp,
        publishableKey: 'pk_test_shop',
      })),
      error,
      message: error && `In words: ${error}`,
      nextAction,
      decline:
        error === 'card_declined' ? { code: 'insufficient_funds', advice: 'use_another_card' } : undefined,
    }
    response.writeHead(error ? ERROR_STATUS[error] : 402, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(shop.hidesHeaders ? {} : { [HEADERS.PAYMENT_REQUIRED]: encodeHeader(challenge) }),
    })
    return response.end(JSON.stringify({ ...challenge, errorCode: error }))
  }
  if (!payment) return refuse()
  if (payment.purchaseId) {
    const outcome = settle(shop, payment, payment.purchaseId)
    if (outcome === 'lost') return response.destroy()
    if (outcome === 'pending') return response.writeHead(409, { 'retry-after': '1' }).end('{}')
    if (outcome === 'busy') return response.writeHead(429, { 'retry-after': '60' }).end('{}')
    if (outcome === 'authentication_required')
      return refuse(outcome, {
        type: 'use_stripe_sdk',
        paymentIntentId: `pi_${payment.purchaseId.replaceAll('-', '')}`,
        clientSecret: 'pi_secret',
        purchaseId: payment.purchaseId,
      })
    if (outcome !== 'paid') return refuse(outcome)
  }
  const clientId = payment.purchaseId ? accountOf(shop) : payment.clientId
  const key = `${clientId} ${currency}`
  const balance = shop.balances[key] ?? 0
  if (!clientId || balance < price) return refuse('insufficient_credits')
  shop.balances[key] = balance - price
  const receipt = serializePaymentResponse({
    success: true,
    clientId,
    creditsRemaining: balance - price,
    currency,
    charged: price,
    chargeId: payment.purchaseId && 'pi_charge',
  })
  const status = Number(/[?&]status=(\d+)/.exec(path)?.[1] ?? 200)
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(shop.hidesHeaders || path.includes('receipt=no') ? {} : { [HEADERS.PAYMENT_RESPONSE]: receipt }),
  })
  return response.end(method === 'HEAD' ? '' : JSON.stringify({ method, body, price }))
}

/** What a purchase comes to: a new one by its card, an old one by its state. */
function settle(
  shop: Shop,
  payment: Payment,
  id: PurchaseId,
): ErrorCode | 'paid' | 'pending' | 'lost' | 'busy' {
  const { paymentMethodId: card = '', topUpAmount: units = shop.minTopUp, currency } = payment
  const open = shop.purchases.get(id)
  const credit = (amount: number): 'paid' => {
    shop.purchases.set(id, { state: 'paid', units: amount })
    const key = `${accountOf(shop)} ${currency ?? shop.currencies[0]}`
    shop.balances[key] = (shop.balances[key] ?? 0) + amount
    shop.charges.push({ purchaseId: id, amount })
    return 'paid'
  }
  if (!open) {
    if (!card) return 'insufficient_credits'
    if (units < shop.minTopUp) return 'top_up_below_minimum'
    if (card.startsWith('pm_declined')) return 'card_declined'
    if (card.startsWith('pm_busy')) return 'busy'
    if (card.startsWith('pm_check')) shop.purchases.set(id, { state: 'checking', units })
    else if (card.startsWith('pm_pending')) shop.purchases.set(id, { state: 'pending', units })
    else credit(units)
    if (card.startsWith('pm_lost')) {
      shop.purchases.set(id, { state: 'paid', units, lostFor: payment.requestId })
      return 'lost'
    }
    return card.startsWith('pm_check')
      ? 'authentication_required'
      : card.startsWith('pm_pending')
        ? 'pending'
        : 'paid'
  }
  if (open.state === 'paid') return open.lostFor && open.lostFor === payment.requestId ? 'lost' : 'paid'
  if (open.state === 'pending' || shop.bank === 'confirmed') return credit(open.units)
  return shop.bank === 'refused' ? 'card_declined' : 'authentication_required'
}

async function control(shop: Shop, path: string, body: string, response: ServerResponse): Promise<unknown> {
  const [, , verb, name = ''] = path.split('/')
  if (verb === 'set') Object.assign(shop, JSON.parse(body))
  if (verb === 'open') gateOf(shop, name).open()
  if (verb === 'arrived') await gateOf(shop, name).arrived
  const { purchases: _purchases, gates: _gates, id: _id, ...state } = shop
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(state))
}

function openShop(id: string): Shop {
  return {
    id,
    currencies: ['usd'],
    minTopUp: 5000,
    hidesHeaders: false,
    bank: 'waiting',
    balances: {},
    charges: [],
    seen: [],
    purchases: new Map(),
    gates: new Map(),
  }
}

function gateOf(shop: Shop, name: string): Gate {
  const gate = shop.gates.get(name) ?? openGate()
  shop.gates.set(name, gate)
  return gate
}

function openGate(): Gate {
  let arrive = (): void => {}
  let open = (): void => {}
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { arrive, open, arrived, opened }
}

function accountOf(shop: Shop): ReturnType<typeof clientIdOf> {
  return clientIdOf(shop.id)
}

/** The account of a shop's only customer. */
function clientIdOf(shopId: string): string & { readonly __brand: 'ClientId' } {
  const id = createHash('sha256').update(shopId).digest('hex')
  if (!isClientId(id)) throw new Error('a SHA-256 is a client id')
  return id
}

function allowOrigins(shop: Shop, request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers
  if (!origin) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-methods', '*')
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
  if (!shop.hidesHeaders)
    response.setHeader('access-control-expose-headers', 'payment-required, payment-response, retry-after')
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    // The client went away.
  }
  return Buffer.concat(chunks).toString('latin1')
}
