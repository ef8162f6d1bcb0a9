import { HEADERS, readPaymentResponse, serializePayment } from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Authorization } from '../authorize.js'
import type { PaidRequest } from '../paid-request.js'
import { openSeller, type Seller } from '../seller.fixture.js'
import type { Stripe402Options } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import { newDevice } from './device.fixture.js'

type Headers = Readonly<Record<string, string>>

/** As a browser sends them when its person opens a page by hand. */
const OPENED: Headers = {
  accept: 'text/html,application/xhtml+xml',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
}
const MINUTE = 60_000

let nowMs: number
let seller: Seller

beforeEach(() => open())
afterEach(() => seller.close())

function open(options: Partial<Stripe402Options> = {}): void {
  nowMs = Date.UTC(2026, 0, 1)
  const clock = (): number => nowMs
  seller = openSeller({ store: new MemoryStore({ clock }), runtime: { now: clock }, ...options })
}

function request(headers: Headers, rest: Partial<PaidRequest> = {}): PaidRequest {
  const all: Headers = { host: 'shop.example', ...headers }
  return { method: 'GET', url: '/report', header: (name) => all[name], isSecure: () => true, ...rest }
}

async function ask(asking: PaidRequest, price = 100): Promise<Authorization> {
  const authorization = await seller.stripe402.authorize(asking, seller.stripe402.priceTag({ price }))
  if (authorization.type === 'granted') await authorization.grant.capture()
  return authorization
}

/** Pays with a key from a page of the shop; what the browser is given. */
async function pay(headers: Headers = {}, rest: Partial<PaidRequest> = {}): Promise<string | undefined> {
  const wish = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }
  const payment = newDevice(() => nowMs).sign(wish, { method: 'GET', url: '/report' })
  const paid = await ask(
    request(
      { 'sec-fetch-site': 'same-origin', [HEADERS.PAYMENT]: serializePayment(payment), ...headers },
      rest,
    ),
  )
  if (paid.type !== 'granted') throw new Error('the card pays')
  return paid.grant.cookie
}

function pairOf(cookie: string | undefined): string {
  return cookie?.split(';')[0] ?? ''
}

function errorOf(authorization: Authorization): string {
  if (authorization.type !== 'refused') return authorization.type
  return /<html/.test(authorization.answer.body) ? 'page' : 'json'
}

describe('the cookie of a session', () => {
  it('is of this host alone, out of reach of scripts, and ends with its token', async () => {
    const cookie = await pay()
    expect(cookie).toMatch(
      /^__Host-stripe402=v1\.[\w.-]+; Secure; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
    )
  })

  it.each([
    ['localhost:4242', '127.0.0.1', /^stripe402=v1\.[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/],
    ['127.0.0.1:80', '::ffff:127.0.0.1', /^stripe402=/],
    ['[::1]:4242', '::1', /^stripe402=/],
    ['shop.example', '127.0.0.1', /^undefined$/],
    ['localhost.example', '127.0.0.1', /^undefined$/],
    ['127.0.0.1.example', '127.0.0.1', /^undefined$/],
    ['localhost', '192.0.2.1', /^undefined$/],
    ['localhost', '::ffff:192.0.2.1', /^undefined$/],
    ['localhost', undefined, /^undefined$/],
  ])('without TLS is for the own machine only: %s, from %s', async (host, peer, expected) => {
    expect(String(await pay({ host }, { isSecure: () => false, peer: () => peer }))).toMatch(expected)
  })

  it.each([
    ['forwarded', 'for=192.0.2.1'],
    ['via', '1.1 proxy'],
    ['x-real-ip', '192.0.2.1'],
    ['x-forwarded-for', '192.0.2.1'],
    ['x-forwarded-host', 'shop.example'],
    ['x-forwarded-port', '80'],
    ['x-forwarded-proto', 'http'],
    ['x-forwarded-server', 'proxy'],
  ])(
    'without TLS is not for whoever a proxy speaks for, and pays for nothing there: %s',
    async (name, value) => {
      const local = { isSecure: () => false, peer: () => '127.0.0.1' }
      const here = { host: 'localhost:4242' }
      expect(await pay({ ...here, [name]: value }, local)).toBeUndefined()
      const cookie = pairOf(await pay(here, local))
      const opened = { ...OPENED, ...here, cookie }
      expect(errorOf(await ask(request({ ...opened, [name]: value }, local)))).toBe('page')
      expect(errorOf(await ask(request(opened, local)))).toBe('granted')
    },
  )

  it.each([
    ['another origin', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
    ['a program', { 'sec-fetch-site': '' }],
  ])('is not given to %s', async (_who, headers) => {
    expect(await pay(headers)).toBeUndefined()
  })
})

describe('a navigation with the cookie of a session', () => {
  it.each([
    ['typed, or from a bookmark', {}],
    ['by a link of the same origin', { 'sec-fetch-site': 'same-origin' }],
  ])('pays for its page: %s', async (_what, headers) => {
    const cookie = pairOf(await pay())
    const paid = await ask(request({ ...OPENED, ...headers, cookie: `theme=dark; ${cookie}; a=b` }))
    expect(paid).toMatchObject({
      type: 'granted',
      grant: { info: { charged: 100, creditsRemaining: 49_800 } },
    })
    if (paid.type !== 'granted') return
    expect(readPaymentResponse(paid.grant.receipt())).toMatchObject({ ok: true, value: { charged: 100 } })
  })

  it.each<[string, Headers, Partial<PaidRequest>?]>([
    ['a link on another site', { 'sec-fetch-site': 'cross-site' }],
    ['a link on a neighbour of the same site', { 'sec-fetch-site': 'same-site' }],
    ['a script that sends the browser on', { 'sec-fetch-user': '' }],
    ['an image', { 'sec-fetch-dest': 'image', 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' }],
    ['a frame', { 'sec-fetch-dest': 'iframe' }],
    ['an object', { 'sec-fetch-dest': 'object' }],
    ['a fetch of another site', { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'cross-site' }],
    [
      'a fetch of the same origin, which has a header to pay with',
      { 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' },
    ],
    ['a page that is fetched ahead', { 'sec-purpose': 'prefetch;prerender' }],
    ['a page that older browsers fetch ahead', { purpose: 'prefetch' }],
    ['a form', { 'sec-fetch-site': 'same-origin' }, { method: 'POST' }],
    ['a HEAD', {}, { method: 'HEAD' }],
    ['a browser that does not say where a request comes from', { 'sec-fetch-site': '' }],
    ['no browser at all', { 'sec-fetch-site': '', 'sec-fetch-mode': '', 'sec-fetch-dest': '' }],
  ])('pays for nothing when it is %s', async (_what, headers, rest = {}) => {
    const cookie = pairOf(await pay())
    const refused = await ask(request({ ...OPENED, ...headers, cookie }, rest))
    expect(refused.type).toBe('refused')
    const [account] = await seller.store.accounts(await clientId())
    expect(account?.spent).toBe(100)
  })

  it.each([
    ['is dearer than what is spent without a question', { price: 10_001 }],
    ['has a token that has run out', { passedMs: 11 * MINUTE }],
    ['has been altered', { alter: (pair: string) => pair.replace('.usd.', '.eur.') }],
    ['has the name of a neighbour’s cookie', { alter: (pair: string) => pair.replace('__Host-', '') }],
  ])('gets the paywall when it %s', async (_what, { price = 100, passedMs = 0, alter = String }: Doubt) => {
    const cookie = alter(pairOf(await pay()))
    nowMs += passedMs
    expect(errorOf(await ask(request({ ...OPENED, cookie }), price))).toBe('page')
  })

  it('gets the paywall after a sign-out on all devices, which ends the cookie, too', async () => {
    const pair = pairOf(await pay())
    const session = pair.slice(pair.indexOf('=') + 1)
    const header = serializePayment({ clientId: await clientId(), session })
    const signedOut = await seller.stripe402.signOut(request({ [HEADERS.PAYMENT]: header }))
    expect(signedOut).toMatchObject({
      status: 204,
      headers: { 'set-cookie': '__Host-stripe402=; Secure; Path=/; HttpOnly; SameSite=Lax; Max-Age=0' },
    })
    expect(errorOf(await ask(request({ ...OPENED, cookie: pair })))).toBe('page')
    expect(seller.stripe402.forgetBrowser(request({})).headers).toMatchObject(signedOut.headers)
  })

  it('is nothing to a seller who wants none', async () => {
    await seller.close()
    open({ navigationCookie: false })
    expect(await pay()).toBeUndefined()
  })
})

describe('the page of a navigation from elsewhere', () => {
  it.each([
    ['cross-site', true],
    ['same-site', true],
    ['same-origin', false],
    ['none', false],
    ['', true],
    ['anything', true],
  ])('%s: spends credit only after a confirmation: %s', async (site, isConfirmed) => {
    await seller.close()
    open({ paywallScriptUrl: '/paywall.js' })
    const { 'sec-fetch-site': _site, ...unsaid } = OPENED
    const refused = await ask(request(site === '' ? unsaid : { ...OPENED, 'sec-fetch-site': site }))
    if (refused.type !== 'refused') throw new Error('nothing was paid')
    expect(/<stripe402-paywall[^>]* confirm>/.test(refused.answer.body)).toBe(isConfirmed)
    expect(refused.answer.headers['x-frame-options']).toBe('SAMEORIGIN')
  })
})

interface Doubt {
  price?: number
  passedMs?: number
  alter?: (pair: string) => string
}

/** The only client of the shop. */
async function clientId(): Promise<Parameters<Seller['store']['accounts']>[0]> {
  const { account } = await seller.topUp()
  return account.clientId
}
