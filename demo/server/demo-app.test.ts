import { serializePayment } from '@stripe402/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DemoInMemory, send, startInMemory } from './temporary-demo.fixture.js'

let demo: DemoInMemory

beforeAll(async () => {
  demo = await startInMemory()
})

afterAll(() => demo.close())

const get = (path: string, ...rest: [Parameters<typeof send>[1]?, RequestInit?]) =>
  send(demo.url + path, ...rest)

describe('createDemoApp', () => {
  it('answers the health check free of charge and without payment headers', async () => {
    const { status, text, headers } = await get('/api/health')
    expect([status, JSON.parse(text)]).toEqual([200, { ok: true }])
    expect([...headers.keys()].filter((name) => name.startsWith('payment'))).toEqual([])
  })

  it.each([
    { path: '/api/joke', units: 100, description: 'A joke' },
    { path: '/api/weather?city=Lisbon', units: 500, description: 'The weather in Lisbon' },
    { path: '/articles/why-402', units: 500, description: 'The code that waited: a history of 402' },
    { path: '/report', units: 1000, description: 'The report: what a cent costs' },
  ])('asks $units units for $path', async ({ path, units, description }) => {
    const { status, challenge, headers } = await get(path)
    expect(status).toBe(402)
    expect(challenge?.resource).toMatchObject({ url: path, description })
    expect(challenge?.accepts).toMatchObject([
      { amount: units, currency: 'usd', minTopUp: 50_000, payee: { name: 'stripe402 demo' } },
    ])
    expect(headers.get('cache-control')).toBe('no-store')
  })

  it.each([
    '/api/joke/',
    '/API/JOKE',
    '/report/',
    '/report.html',
    '/assets/report.html',
    '/static/report.html',
    '/assets/../report.html',
    '/assets/%2e%2e/report.html',
  ])('does not give %s away', async (path) => {
    const { status, text } = await get(path)
    expect([402, 404, 403]).toContain(status)
    expect(text).not.toContain('<title>report</title>')
    expect(text).not.toContain('"joke"')
  })

  it('charges a card once and spends the credit request by request', async () => {
    const topUp = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000, currency: 'usd' }
    const first = await get('/api/joke', topUp)
    expect(first.status).toBe(200)
    expect(JSON.parse(first.text).joke).toEqual(expect.any(String))
    expect(first.receipt).toMatchObject({ success: true, charged: 100, creditsRemaining: 49_900 })
    expect(first.receipt?.chargeId).toMatch(/^pi_/)

    const clientId = first.receipt?.clientId
    const second = await get('/api/weather?city=Oslo', { clientId, currency: 'usd' })
    expect(JSON.parse(second.text)).toMatchObject({ city: 'Oslo', temperatureC: expect.any(Number) })
    expect(second.receipt).toMatchObject({ charged: 500, creditsRemaining: 49_400 })
    expect(second.receipt?.chargeId).toBeUndefined()
  })

  it('gives the price back when a handler fails', async () => {
    const topUp = { paymentMethodId: 'pm_card_mastercard', topUpAmount: 50_000, currency: 'usd' }
    const failed = await get('/api/broken', topUp)
    expect(failed.status).toBe(500)
    expect(failed.receipt).toMatchObject({ success: false, charged: 0, creditsRemaining: 50_000 })
    const next = await get('/api/joke', { clientId: failed.receipt?.clientId, currency: 'usd' })
    expect(next.receipt).toMatchObject({ charged: 100, creditsRemaining: 49_900 })
  })

  it('sends a page that was paid for again free of charge', async () => {
    const topUp = { paymentMethodId: 'pm_card_amex', topUpAmount: 50_000, currency: 'usd' }
    const first = await get('/report', topUp)
    expect(first.text).toContain('<title>report</title>')
    expect(first.receipt).toMatchObject({ charged: 1000 })
    const again = await get('/report', { clientId: first.receipt?.clientId, currency: 'usd' })
    expect(again.text).toContain('<title>report</title>')
    expect(again.receipt).toMatchObject({ charged: 0, creditsRemaining: 49_000 })
  })

  it('streams what was paid for: the first line comes while the last is not written yet', async () => {
    const topUp = { paymentMethodId: 'pm_card_discover', topUpAmount: 50_000, currency: 'usd' }
    const { receipt } = await get('/api/joke', topUp)
    const response = await fetch(`${demo.url}/api/story`, {
      headers: { payment: serializePayment({ clientId: receipt?.clientId, currency: 'usd' }) },
    })
    const reader = response.body?.getReader()
    const first = await reader?.read()
    expect(new TextDecoder().decode(first?.value)).toBe('The request left the tab at a run.\n')
    await reader?.cancel()
  })

  it('answers a navigation to a paid page with the paywall', async () => {
    const { status, text, challenge } = await get('/report', undefined, { headers: { accept: 'text/html' } })
    expect(status).toBe(402)
    expect(challenge?.accepts[0]?.amount).toBe(1000)
    expect(text).toContain('<stripe402-paywall')
    expect(text).toContain('src="/static/paywall-page.js"')
  })

  it('tells the page where the local Stripe.js is, and allows that origin only', async () => {
    const { text, headers } = await get('/demo/config.json')
    expect(JSON.parse(text)).toEqual({
      mode: 'local',
      publishableKey: 'pk_test_local',
      stripeJsUrl: `${demo.localStripeUrl}/endive/stripe.js`,
    })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain(
      `script-src 'self' https://js.stripe.com https://*.js.stripe.com ${demo.localStripeUrl};`,
    )
    expect(policy).not.toMatch(/unsafe|\*(?!\.js\.stripe\.com)/)
  })

  it('serves built files for good and pages anew', async () => {
    expect((await get('/assets/app-1.js')).headers.get('cache-control')).toContain('immutable')
    expect((await get('/playground')).headers.get('cache-control')).toBe('private, no-cache')
    expect((await get('/nowhere')).status).toBe(404)
  })
})
