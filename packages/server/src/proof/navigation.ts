import { type Payment, STRIPE402_VERSION } from '@stripe402/core'
import { isLoopback, networkOf } from '../limits/network-of.js'
import type { PaidRequest } from '../paid-request.js'
import type { Settings } from '../settings.js'
import { readSession, SESSION_MS } from './session-token.js'

/** A dearer page asks the person first, as our client does. */
const MOST_UNITS = 10_000
/** A browser takes this name only over TLS, from this very host, for all of its paths: no neighbour can plant one. */
const SECURE_NAME = '__Host-stripe402'
/** On a developer's own machine, without TLS. */
const LOOPBACK_NAME = 'stripe402'
/** What proxies say of whom they speak for. */
const FORWARDED = [
  'forwarded',
  'via',
  'x-real-ip',
  ...['for', 'host', 'port', 'proto', 'scheme', 'server', 'ssl', 'prefix'].map(
    (what) => `x-forwarded-${what}`,
  ),
]

/**
 * The payment of a browser's navigation to a paid page, by the cookie that holds its session. `null` for whatever else
 * brought that cookie along: a browser attaches it to many requests that no person of ours has asked for.
 *
 * Only what its person did in the browser itself or in a page of this very origin counts; browsers say so in `Sec-Fetch-*`,
 * which no page can set.
 */
export function paymentOfNavigation(settings: Settings, request: PaidRequest): Payment | null {
  const cookies = settings.navigationCookie ? request.header('cookie') : undefined
  if (cookies === undefined || !isOfPerson(request)) return null
  const token = cookieOf(cookies, SECURE_NAME) ?? (isOwnMachine(request) && cookieOf(cookies, LOOPBACK_NAME))
  if (!token) return null
  const session = readSession(settings, token)
  if (!session) return null
  const { clientId, currency } = session
  return { stripe402Version: STRIPE402_VERSION, clientId, currency, session: token }
}

/** Whether a page may be paid for by a navigation alone. Price in units. */
export function isNavigable(units: number): boolean {
  return units <= MOST_UNITS
}

/**
 * The cookie for a session that a page of this origin has been given: HttpOnly, of this host alone, as long as its token.
 * `undefined` over plain http, where others could read it.
 */
export function navigationCookie(
  settings: Settings,
  request: PaidRequest,
  session: string,
): string | undefined {
  if (!settings.navigationCookie || request.header('sec-fetch-site') !== 'same-origin') return undefined
  return cookie(request, session, SESSION_MS / 1000)
}

/** The cookie that takes the place of one, and ends it. */
export function endedCookie(request: PaidRequest): string | undefined {
  return cookie(request, '', 0)
}

/**
 * Whether another site may have sent the browser here: then nothing is spent before the person has said so. A browser that does not
 * say, for its age or for want of TLS, may have been.
 */
export function isFromElsewhere(request: PaidRequest): boolean {
  return !/^(none|same-origin)$/.test(request.header('sec-fetch-site') ?? '')
}

/** Typed, a bookmark, a reload, or a link within this origin: a whole page, asked for by a person, that changes nothing. */
function isOfPerson(request: PaidRequest): boolean {
  return (
    request.method === 'GET' &&
    /^(none|same-origin)$/.test(request.header('sec-fetch-site') ?? '') &&
    request.header('sec-fetch-mode') === 'navigate' &&
    request.header('sec-fetch-dest') === 'document' &&
    request.header('sec-fetch-user') === '?1' &&
    // Fetched ahead, in case somebody wants it.
    request.header('sec-purpose') === undefined &&
    request.header('purpose') === undefined
  )
}

function cookie(request: PaidRequest, value: string, seconds: number): string | undefined {
  const rest = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}`
  if (request.isSecure?.()) return `${SECURE_NAME}=${value}; Secure; ${rest}`
  return isOwnMachine(request) ? `${LOOPBACK_NAME}=${value}; ${rest}` : undefined
}

function cookieOf(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([key, , ...rest]) => key === name && rest.length === 0)?.[1]
}

/**
 * Whether a browser on this very machine talks to us without anything in between. A proxy here may have chosen the host that
 * it asks for, and everybody in the world talks to it.
 */
function isOwnMachine(request: PaidRequest): boolean {
  if (request.isSecure?.() || FORWARDED.some((name) => request.header(name) !== undefined)) return false
  const peer = request.peer?.()
  if (!isLoopback(networkOf(peer), peer)) return false
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(request.header('host') ?? '')
}
