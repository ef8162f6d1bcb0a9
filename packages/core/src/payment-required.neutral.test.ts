import fc from 'fast-check'
import { safeParse } from 'valibot'
import { describe, expect, it } from 'vitest'
import vectors from '../vectors/payment-required.json' with { type: 'json' }
import { encodeHeader } from './header-codec.js'
import {
  type PaymentRequired,
  type PaymentRequirements,
  readPaymentRequired,
  readPaymentRequiredBody,
  serializePaymentRequired,
} from './payment-required.js'
import { paymentRequiredSchema } from './schemas.js'

function accepted(message: unknown): PaymentRequired {
  const result = safeParse(paymentRequiredSchema, message)
  if (!result.success) throw new Error('The vector is not a challenge.')
  return result.output
}

function offer(currency: string): PaymentRequirements {
  return {
    scheme: 'stripe',
    currency,
    amount: 500,
    minTopUp: 50_000,
    maxTopUp: 5_000_000,
    publishableKey: 'pk_test_local',
    topUpOptions: [50_000, 100_000, 200_000],
    description: 'A description of what is sold. '.repeat(10),
    payee: { name: 'Weather Ltd', termsUrl: `https://example.com/${'t'.repeat(300)}` },
  }
}

describe('readPaymentRequired', () => {
  it.each(vectors.reads)('reads $description', ({ header, message }) => {
    expect(readPaymentRequired(header)).toStrictEqual({ ok: true, value: message })
  })

  it.each(vectors.tolerates)('tolerates that $description', ({ header, message }) => {
    expect(readPaymentRequired(header)).toMatchObject({ ok: true, value: message })
  })

  it.each(vectors.refuses)('refuses $description', ({ header, problem }) => {
    expect(readPaymentRequired(header)).toMatchObject({ ok: false, problem })
  })

  it('answers, never throws, on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), (message) => {
        expect(readPaymentRequired(encodeHeader(message)).ok).toBe(false)
      }),
    )
  })
})

describe('readPaymentRequiredBody', () => {
  it.each(vectors.bodies)('reads $description', ({ body, message, problem }) => {
    const read = readPaymentRequiredBody(body)
    if (message) expect(read).toMatchObject({ ok: true, value: message })
    else expect(read).toMatchObject({ ok: false, problem })
  })

  it('answers, never throws, on any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.json()), (body) => {
        expect(readPaymentRequiredBody(body).ok).toBe(false)
      }),
    )
  })
})

describe('serializePaymentRequired', () => {
  const currencies = ['usd', 'eur', 'gbp', 'jpy', 'sek', 'nok', 'dkk', 'pln', 'czk', 'huf', 'chf', 'ron']
  const long: PaymentRequired = {
    stripe402Version: 1,
    resource: {
      url: `/artikel/${'%C3%A5'.repeat(900)}?q=${'x'.repeat(900)}`,
      description: 'd'.repeat(5000),
      mimeType: 'text/html',
    },
    accepts: [offer('usd')],
    error: 'authentication_required',
    message: 'm'.repeat(2000),
    nextAction: {
      type: 'use_stripe_sdk',
      paymentIntentId: 'pi_3PabcDEF',
      clientSecret: 'pi_3PabcDEF_secret_xyz',
      purchaseId: accepted(vectors.reads[2]?.message).nextAction?.purchaseId ?? failed(),
    },
    decline: { code: 'insufficient_funds', advice: 'use_another_card' },
  }

  it.each(vectors.reads)('writes $description', ({ header, message }) => {
    expect(serializePaymentRequired(accepted(message))).toBe(header)
  })

  it('leaves long optional members out of a header that would pass 4 KiB and keeps what paying needs', () => {
    const header = serializePaymentRequired(long)
    expect(header.length).toBeLessThanOrEqual(4096)
    const { stripe402Version, error, nextAction, decline } = long
    const { description: _description, ...least } = offer('usd')
    expect(readPaymentRequired(header)).toMatchObject({
      ok: true,
      value: { stripe402Version, error, nextAction, decline, accepts: [least] },
    })
  })

  it('says who is paid as long as that fits', () => {
    const payee = { name: 'A shop', supportUrl: `https://shop.example/${'x'.repeat(3500)}` }
    const header = serializePaymentRequired({ ...long, accepts: [{ ...offer('usd'), payee }] })
    const read = readPaymentRequired(header)
    if (!read.ok) throw new Error(read.detail)
    expect(read.value.accepts[0]).not.toHaveProperty('payee')
    expect(read.value.accepts[0]).toHaveProperty('topUpOptions')
  })

  it('keeps every currency as long as their amounts and keys fit', () => {
    const header = serializePaymentRequired({ ...long, accepts: currencies.map(offer) })
    expect(header.length).toBeLessThanOrEqual(4096)
    const read = readPaymentRequired(header)
    if (!read.ok) throw new Error(read.detail)
    expect(read.value.accepts.map(({ currency }) => currency)).toEqual(currencies)
  })

  it('keeps the preferred currencies where not all fit', () => {
    const all = [...currencies, ...currencies, ...currencies].map(offer)
    const header = serializePaymentRequired({ ...long, accepts: all })
    const read = readPaymentRequired(header)
    if (!read.ok) throw new Error(read.detail)
    expect(header.length).toBeLessThanOrEqual(4096)
    expect(read.value.accepts.length).toBeGreaterThan(8)
    expect(read.value.accepts.map(({ currency }) => currency)).toEqual(
      all.slice(0, read.value.accepts.length).map(({ currency }) => currency),
    )
  })

  it('cuts a URL between characters and escapes, and drops its query first', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('%C3%A5', 'a', '/', '🌦', 'é'), { minLength: 400 }), (parts) => {
        const header = serializePaymentRequired({
          ...long,
          resource: { ...long.resource, url: `/${parts.join('')}?query` },
        })
        const read = readPaymentRequired(header)
        if (!read.ok) throw new Error(read.detail)
        const { url } = read.value.resource
        expect(url).not.toMatch(/%.?$|\?/)
        expect(() => encodeURI(url)).not.toThrow()
        expect(`/${parts.join('')}`.startsWith(url)).toBe(true)
      }),
    )
  })

  it('writes only headers that the reader takes', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 3000 }),
        fc.string({ unit: 'binary', maxLength: 2000 }),
        fc.integer({ min: 1, max: 30 }),
        (url, message, offers) => {
          const challenge = { ...long, resource: { url }, message, accepts: Array(offers).fill(offer('usd')) }
          const header = serializePaymentRequired(challenge)
          expect(readPaymentRequired(header)).toMatchObject({ ok: true })
        },
      ),
    )
  })
})

function failed(): never {
  throw new Error('The vector has no next action.')
}
