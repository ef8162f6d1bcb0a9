import { ConfigurationError } from '@stripe402/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cors } from './cors.js'
import { openShop, type Shop } from './shop.fixture.js'

const PAGE = 'https://app.example.com'
const PREFLIGHT = { 'access-control-request-method': 'PUT', 'access-control-request-headers': 'payment' }

let shop: Shop
beforeAll(async () => {
  shop = await openShop((app, paywall, served) => {
    app.use(paywall.cors({ origins: [PAGE], headers: ['x-trace'] }))
    app.put('/x', paywall.paymentRequired({ price: 100 }), (_request, response) => {
      served.push('x')
      response.json({})
    })
  })
})
afterAll(() => shop.stop())

describe('expressPaywall.cors', () => {
  it('answers the preflight of a listed origin', async () => {
    const { status, headers } = await shop.get('/x', {
      method: 'OPTIONS',
      headers: { origin: PAGE, ...PREFLIGHT },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(headers.get('access-control-allow-methods')).toBe('PUT')
    expect(headers.get('access-control-allow-headers')).toBe('payment, content-type, x-trace')
    expect(headers.get('access-control-max-age')).toBe('600')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('vary')).toMatch(/origin/i)
  })

  it('lets a page of it read the challenge and the receipt', async () => {
    for (const reply of [
      await shop.get('/x', { method: 'PUT', headers: { origin: PAGE } }),
      await shop.pay('/x', { paymentMethodId: 'pm_card_visa' }, { method: 'PUT', headers: { origin: PAGE } }),
    ]) {
      expect(reply.headers.get('access-control-allow-origin')).toBe(PAGE)
      const exposed = reply.headers.get('access-control-expose-headers') ?? ''
      expect(exposed.split(', ').sort()).toEqual([
        'date',
        'payment-required',
        'payment-response',
        'retry-after',
      ])
      expect(reply.headers.get('vary')).toMatch(/origin/i)
    }
    expect(shop.served).toEqual(['x'])
  })

  it.each(['https://evil.example', `${PAGE}.evil.example`, 'https://app.example.com:8443', 'null'])(
    'tells %s nothing',
    async (origin) => {
      for (const method of ['OPTIONS', 'PUT']) {
        const { headers } = await shop.get('/x', { method, headers: { origin, ...PREFLIGHT } })
        expect(headers.get('access-control-allow-origin')).toBeNull()
        expect(headers.get('vary')).toMatch(/origin/i)
      }
    },
  )

  it.each(['*', 'app.example.com', `${PAGE}/`, 'https://*.example.com', ''])(
    'refuses "%s" for an origin',
    (origin) => {
      expect(() => cors({ origins: [origin] })).toThrow(ConfigurationError)
    },
  )
})
