import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { get, type IncomingMessage } from 'node:http'
import {
  HEADERS,
  isRequestId,
  type Payment,
  provedText,
  readPaymentResponse,
  serializePayment,
} from '@stripe402/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openShop, type Reply, type Shop } from './shop.fixture.js'

let shop: Shop

beforeEach(async () => {
  shop = await openShop((app, paywall, served) => {
    app.set('trust proxy', 1)
    app.get('/report', paywall.paymentRequired({ price: 100 }), (_request, response) => {
      served.push('report')
      response.cookie('theme', 'dark').send('the report')
    })
  })
})
afterEach(() => shop.stop())

const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' }
const OPENED = {
  accept: 'text/html',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
}

/** Pays for a URL as a page does that has a key. */
function payAt(path: string, headers: Record<string, string>, method = 'GET'): Promise<Reply> {
  const requestId = randomUUID()
  if (!isRequestId(requestId)) throw new TypeError(requestId)
  const wish: Payment = {
    stripe402Version: 1,
    paymentMethodId: 'pm_card_visa',
    topUpAmount: 50_000,
    requestId,
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part({ typ: 'dpop+jwt', alg: 'ES256', jwk: publicKey.export({ format: 'jwk' }) })}.${part({
    htm: method,
    htu: `https://shop.example${path}`,
    iat: Date.now() / 1000,
    jti: requestId,
    pth: createHash('sha256').update(provedText(wish)).digest('base64url'),
  })}`
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
  const payment = {
    ...wish,
    proof: `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`,
  }
  return shop.get(path, {
    method,
    headers: { ...SAME_ORIGIN, ...headers, [HEADERS.PAYMENT]: serializePayment(payment) },
  })
}

/** Not with `fetch`, which says of itself in `Sec-Fetch-Mode` that it is no navigation. */
function navigate(headers: Record<string, string>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`${shop.url}/report`, { headers }, (response) => resolve(response.resume())).on('error', reject)
  })
}

describe('the cookie of a session', () => {
  it.each([
    ['GET', '/report'],
    ['POST', '/.well-known/stripe402/top-up'],
  ])(
    'comes with a receipt that has a session, beside the cookies of the app: %s %s',
    async (method, path) => {
      const { headers, receipt } = await payAt(path, { 'x-forwarded-proto': 'https' }, method)
      expect(receipt?.session).toBeDefined()
      const cookies = headers.getSetCookie()
      expect(cookies).toContain(
        `__Host-stripe402=${receipt?.session}; Secure; Path=/; HttpOnly; SameSite=Lax; Max-Age=600`,
      )
      expect(cookies.length).toBe(method === 'GET' ? 2 : 1)
    },
  )

  it('pays for a navigation, and for no request that a page makes', async () => {
    const [cookie = ''] = (await payAt('/report', {})).headers.getSetCookie().filter((one) => /402/.test(one))
    const headers = { ...OPENED, cookie: cookie.split(';')[0] ?? '' }
    const opened = await navigate(headers)
    const receipt = readPaymentResponse(opened.headers[HEADERS.PAYMENT_RESPONSE]?.toString())
    expect(opened.statusCode).toBe(200)
    expect(receipt).toMatchObject({ ok: true, value: { charged: 100, creditsRemaining: 49_800 } })
    expect(opened.headers['set-cookie']).toEqual(['theme=dark; Path=/'])
    const framed = await navigate({ ...headers, 'sec-fetch-dest': 'iframe' })
    expect([framed.statusCode, framed.headers['x-frame-options']]).toEqual([402, 'SAMEORIGIN'])
    expect(shop.served).toHaveLength(2)
  })

  it('without TLS is given to nobody behind a proxy', async () => {
    const { headers, receipt } = await payAt('/report', { 'x-forwarded-for': '192.0.2.7' })
    expect(receipt?.session).toBeDefined()
    expect(headers.getSetCookie()).toEqual(['theme=dark; Path=/'])
  })

  it('is ended by the endpoint that forgets a browser', async () => {
    const { status, headers } = await shop.get('/.well-known/stripe402/forget-browser', { method: 'POST' })
    expect(status).toBe(204)
    expect(headers.getSetCookie()).toEqual(['stripe402=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0'])
  })
})
