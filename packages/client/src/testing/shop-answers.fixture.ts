import type { ServerResponse } from 'node:http'
import { pipeline, Readable } from 'node:stream'
import { encodeHeader, HEADERS, serializePaymentResponse } from '@stripe402/core'
import { hostileChallenge } from './hostile-challenges.fixture.js'
import { accountOf, type Shop } from './shop-books.fixture.js'
import { gateOf } from './shop-gates.fixture.js'

/** A request and where its answer goes. */
export interface Serving {
  method: string
  /** Latin-1: one character per byte. */
  body: string
  headers: Record<string, string>
  response: ServerResponse
}

const MEGABYTE = Buffer.alloc(1_048_576, 'x')

/** Answers by the first part of the path, at no cost; anything unknown is echoed as JSON. */
export async function serveFree(shop: Shop, path: string, serving: Serving): Promise<unknown> {
  const { response, method, body } = serving
  const [, kind = '', argument = ''] = path.split(/[/?]/)
  const parameters = new URL(path, 'http://shop.invalid').searchParams
  switch (kind) {
    case 'redirect':
      return response.writeHead(Number(argument), { location: parameters.get('to') ?? '/' }).end()
    case 'drop':
      return response.destroy()
    case 'loop':
      return response.writeHead(302, { location: 'loop' }).end()
    case 'receipt':
      return response
        .writeHead(200, {
          [HEADERS.PAYMENT_RESPONSE]: serializePaymentResponse({
            success: true,
            clientId: accountOf(shop),
            creditsRemaining: 7,
          }),
        })
        .end()
    case 'joke':
    case 'quote':
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ [kind]: 'Why was six afraid of seven?' }))
    case 'plain402':
      return response.writeHead(402, { 'content-type': 'application/json' }).end('{"pay":"elsewhere"}')
    case 'foreign402':
      return response
        .writeHead(402, { [HEADERS.PAYMENT_REQUIRED]: encodeHeader({ x402Version: 2, accepts: [] }) })
        .end('foreign')
    case 'mpp402':
      return response
        .writeHead(402, { 'www-authenticate': 'Payment id="1", method="stripe", intent="charge"' })
        .end('another protocol')
    case 'broken402':
      return response
        .writeHead(402, { [HEADERS.PAYMENT_REQUIRED]: parameters.get('header') ?? '%%%' })
        .end('broken')
    case 'endless402':
      response.writeHead(402, { 'content-type': 'application/json' }).write(' '.repeat(Number(argument)))
      return undefined
    case 'cut402':
      response.writeHead(402, { 'content-type': 'application/json', 'content-length': 1000 })
      return response.write('{"pay":', () => response.destroy())
    case 'hostile402':
      return hostileChallenge(argument, response)
    case 'status':
      return response
        .writeHead(Number(argument), { 'x-shop': shop.id })
        .end(method === 'HEAD' ? '' : 'native')
    case 'stream':
      return stream(shop, argument, response)
    case 'megabytes':
      return megabytes(Number(argument), response)
    case 'events':
      return events(shop, serving, parameters)
    case 'said':
      return said(serving, parameters)
    default:
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(method === 'HEAD' ? '' : JSON.stringify({ method, body }))
  }
}

/** Two chunks, the second one after a gate; notes when the client goes away in between. */
async function stream(shop: Shop, gate: string, response: ServerResponse): Promise<void> {
  response.once('close', () => {
    if (!response.writableFinished) shop.aborted++
  })
  response.writeHead(200, { 'content-type': 'text/plain' }).write('first ')
  gateOf(shop, gate).arrive()
  await gateOf(shop, gate).opened
  response.end('last')
}

function megabytes(count: number, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/octet-stream' })
  pipeline(Readable.from(Array(count).fill(MEGABYTE)), response, () => {})
}

/** Server-sent events, numbered on from `Last-Event-ID`: as many as `count`, then the connection ends. */
function events(shop: Shop, { response, headers }: Serving, parameters: URLSearchParams): void {
  const last = Number(headers['last-event-id'] ?? 0)
  const count = Number(parameters.get('count') ?? 2)
  const most = Number(parameters.get('most') ?? Number.POSITIVE_INFINITY)
  if (last >= most) {
    response.writeHead(204).end()
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 1\n\n')
  for (let id = last + 1; id <= last + count; id++)
    response.write(`id: ${id}\n${id % 2 ? '' : 'event: even\n'}data: ${shop.price} 物\ndata: ${id}\n\n`)
  response.end()
}

/** An event stream of this `text`, and nothing once the event before was the one with the id `until`. */
function said({ response, headers }: Serving, parameters: URLSearchParams): unknown {
  if (headers['last-event-id'] === parameters.get('until')) return response.writeHead(204).end()
  return response.writeHead(200, { 'content-type': 'text/event-stream' }).end(parameters.get('text'))
}
