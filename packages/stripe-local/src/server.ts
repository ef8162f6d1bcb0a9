import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getResponse } from 'msw'
import { adminAnswer } from './admin.js'
import { isConnectionLost } from './faults.js'
import { staticAnswer, stripeJsFolder } from './static-files.js'
import { createStripeLocal, type StripeLocal, type StripeLocalOptions } from './stripe-local.js'

/** How the local Stripe is served. */
export interface StripeLocalServerOptions extends StripeLocalOptions {
  /** Default 0: a free one. */
  port?: number
  /** A loopback address; default 127.0.0.1. */
  host?: string
  /** Where the built Stripe.js lies. Default: this package's `dist/stripe-js`. */
  stripeJsFolder?: string
}

/** A local Stripe that listens. */
export interface StripeLocalServer {
  url: string
  port: number
  stripeLocal: StripeLocal
  /** Stops listening and cuts every open connection. */
  close(): Promise<void>
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])
const LARGEST_BODY = 1024 * 1024

/** For a Host header: the local Stripe answers by these names only, so that no other site's name can point at it. */
const HOST_NAMES = new Set([...LOOPBACK, '[::1]', 'js.stripe.com', 'api.stripe.com', 'hooks.stripe.com'])

/**
 * Serves the local Stripe over HTTP: the API under `/v1`, Stripe.js under `/endive`, scripting under `/_local`.
 * @throws Error when asked to listen on anything but loopback
 */
export async function startStripeLocal(options: StripeLocalServerOptions = {}): Promise<StripeLocalServer> {
  const host = options.host ?? '127.0.0.1'
  if (!LOOPBACK.has(host)) throw new Error(`The local Stripe listens on loopback only, not on ${host}.`)
  const apiOrigin = options.apiOrigin ?? 'https://api.stripe.com'
  const stripeLocal = createStripeLocal({ ...options, apiOrigin })
  const folder = options.stripeJsFolder ?? stripeJsFolder()
  const server = createServer((request, response) => {
    void answer({ stripeLocal, apiOrigin, folder }, request, response)
  })
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, host, resolve)
  })
  const port = portOf(server.address())
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    port,
    stripeLocal,
    close: () =>
      new Promise((resolve) => {
        stripeLocal.close()
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

interface Parts {
  stripeLocal: StripeLocal
  apiOrigin: string
  folder: string
}

interface Outgoing {
  status: number
  headers: Record<string, string>
  body: string | Buffer
}

async function answer(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const { status, headers, body } = await route(parts, request)
    response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
  } catch (error) {
    if (isConnectionLost(error) || request.socket.destroyed) {
      request.socket.destroy()
      return
    }
    console.error(error)
    if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain; charset=utf-8' })
    response.end(`The local Stripe is at fault: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

async function route(parts: Parts, request: IncomingMessage): Promise<Outgoing> {
  const method = request.method ?? 'GET'
  const [path = '/', query = ''] = (request.url ?? '/').split(/\?(.*)/s)
  if (!HOST_NAMES.has((request.headers.host ?? '').replace(/:\d+$/, ''))) {
    return { status: 421, headers: { 'content-type': 'text/plain' }, body: 'Unknown host.\n' }
  }
  if (path.startsWith('/endive/')) return staticAnswer(path, parts.folder)
  if (path.startsWith('/_local/')) {
    // A page must not script the local Stripe: no CORS here, and JSON forces a preflight that is not answered.
    return adminAnswer(parts.stripeLocal, method, path, await readBody(request))
  }
  if (method === 'OPTIONS') return { status: 204, headers: corsHeaders(request), body: '' }
  const answered = await callApi(parts, request, { method, path, query })
  return { ...answered, headers: { ...answered.headers, ...corsHeaders(request) } }
}

async function callApi(
  { stripeLocal, apiOrigin }: Parts,
  request: IncomingMessage,
  { method, path, query }: { method: string; path: string; query: string },
): Promise<Outgoing> {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value)
  }
  const body = await readBody(request)
  const hasBody = method !== 'GET' && method !== 'HEAD'
  const sent = new Request(`${apiOrigin}${path}${query === '' ? '' : `?${query}`}`, {
    method,
    headers,
    ...(hasBody ? { body } : {}),
  })
  const answered = await getResponse(stripeLocal.handlers, sent)
  if (!answered) return { status: 404, headers: {}, body: 'Not found.\n' }
  return {
    status: answered.status,
    headers: Object.fromEntries(answered.headers),
    body: Buffer.from(await answered.arrayBuffer()),
  }
}

function corsHeaders(request: IncomingMessage): Record<string, string> {
  if (request.headers.origin === undefined) return {}
  return {
    'access-control-allow-origin': '*',
    'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
    'access-control-allow-headers':
      'authorization, content-type, idempotency-key, stripe-version, x-stripe-local-fault',
    'access-control-expose-headers': 'request-id, idempotent-replayed, stripe-version',
    'access-control-max-age': '300',
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    const part = Buffer.from(chunk)
    length += part.length
    if (length > LARGEST_BODY) throw new Error(`The body is larger than ${LARGEST_BODY} bytes.`)
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address !== 'object' || address === null)
    throw new Error('The local Stripe does not listen on a port.')
  return address.port
}
