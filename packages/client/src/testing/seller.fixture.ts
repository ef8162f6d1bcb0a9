import type { IncomingMessage, ServerResponse } from 'node:http'
import { HEADERS, readPayment } from '@stripe402/core'
import { type Serving, serveFree } from './shop-answers.fixture.js'
import { openBooks, type Shop } from './shop-books.fixture.js'
import { gateOf } from './shop-gates.fixture.js'
import type { SeenRequest } from './shop-state.fixture.js'
import { takePayment } from './shop-till.fixture.js'

/**
 * A seller that speaks the wire of this project, one shop per test.
 *
 * `/shop/<id>/paid/100/…` costs 100 units and tells what it was sent; with `?blocked=403` a firewall stands before it as soon as a
 * purchase is known. `/shop/<id>/sold/<path>` costs the shop's `price`,
 * which may be nothing, and answers as `<path>` does. Cards by PaymentMethod: `pm_good…` pays, `pm_declined…` does
 * not (`…_dearer` and `…_key` with another offer), `pm_check…` wants 3-D Secure, `pm_pending…` is pending once, `pm_lost…` charges and then drops the connection.
 */
export function createSeller(): (request: IncomingMessage, response: ServerResponse) => Promise<unknown> {
  const shops = new Map<string, Shop>()
  return async (request, response) => {
    const [, id = '', path = ''] = /\/shop\/([\w-]+)(\/.*)$/.exec(request.url ?? '') ?? []
    const shop = shops.get(id) ?? openBooks(id)
    shops.set(id, shop)
    const body = await readBody(request)
    allowOrigins(shop, request, response)
    if (path.startsWith('/control/')) return control(shop, path, body, response)
    const payment = readPayment(request.headers[HEADERS.PAYMENT]?.toString())
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, `${value}`]),
    )
    const seen: SeenRequest = {
      method: request.method ?? '',
      url: path,
      headers,
      body,
      payment: payment.ok ? payment.value : null,
    }
    shop.seen.push(seen)
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method'])
      return response.writeHead(204).end()
    const [, gate, rest = path] = /^\/gate\/(\w+)(\/.*)$/.exec(path) ?? []
    if (gate && (seen.payment || !/^\/(paid|sold)/.test(rest))) {
      gateOf(shop, gate).arrive()
      await gateOf(shop, gate).opened
    }
    return serve(shop, rest, seen, response)
  }
}

async function serve(
  shop: Shop,
  path: string,
  seen: SeenRequest,
  response: ServerResponse,
): Promise<unknown> {
  const { method, body, headers, payment } = seen
  const serving: Serving = { method, body, headers, response }
  const [, kind = '', argument = ''] = path.split(/[/?]/)
  if (kind === 'sold') {
    const { price } = shop
    const isServed = price === 0 || takePayment(shop, { path, price, payment }, serving) === 'paid'
    return isServed ? serveFree(shop, path.slice('/sold'.length), serving) : undefined
  }
  const [, blocked] = /[?&]blocked=(\d+)/.exec(path) ?? []
  if (blocked && payment?.purchaseId && shop.purchases.has(payment.purchaseId))
    return response.writeHead(Number(blocked), { 'content-type': 'text/html' }).end('<h1>Blocked</h1>')
  if (kind !== 'paid' && kind !== 'late') return serveFree(shop, path, serving)
  const price = Number(kind === 'late' ? path.split('/')[4] : argument)
  if (takePayment(shop, { path, price, payment }, serving) !== 'paid') return undefined
  if (kind === 'late') {
    // Charged, and answered when the test says so.
    gateOf(shop, argument).arrive()
    await gateOf(shop, argument).opened
  }
  const status = Number(/[?&]status=(\d+)/.exec(path)?.[1] ?? 200)
  response.writeHead(status, { 'content-type': 'application/json' })
  return response.end(method === 'HEAD' ? '' : JSON.stringify({ method, body, price }))
}

async function control(shop: Shop, path: string, body: string, response: ServerResponse): Promise<unknown> {
  const [, , verb, name = ''] = path.split('/')
  if (verb === 'set') Object.assign(shop, JSON.parse(body))
  if (verb === 'open') gateOf(shop, name).open()
  if (verb === 'arrived') await gateOf(shop, name).arrived
  const { purchases: _purchases, served: _served, id: _id, ...state } = shop
  return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(state))
}

function allowOrigins(shop: Shop, request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers
  if (!origin) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-methods', '*')
  response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '')
  if (!shop.hidesHeaders)
    response.setHeader(
      'access-control-expose-headers',
      'payment-required, payment-response, retry-after, date',
    )
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
