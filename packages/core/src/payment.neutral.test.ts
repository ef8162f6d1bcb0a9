import fc from 'fast-check'
import { safeParse } from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import vectors from '../vectors/payment.json' with { type: 'json' }
import type { Decoded } from './header-codec.js'
import { encodeHeader } from './header-codec.js'
import { type Payment, provedText, readPayment, serializePayment } from './payment.js'
import { paymentSchema } from './schemas.js'

function accepted(message: unknown): Payment {
  const result = safeParse(paymentSchema, message)
  if (!result.success) throw new Error('The vector is not a payment.')
  return result.output
}

describe('readPayment', () => {
  it.each(vectors.reads)('reads $description', ({ header, message }) => {
    expect(readPayment(header)).toStrictEqual({ ok: true, value: message })
  })

  it.each(vectors.tolerates)('tolerates that $description', ({ header, message }) => {
    expect(readPayment(header)).toStrictEqual({ ok: true, value: message })
  })

  it.each(vectors.refuses)('refuses $description', ({ header, json, problem }) => {
    expect(readPayment(header)).toMatchObject({ ok: false, problem })
    expect(header).toBe(
      btoa(Array.from(new TextEncoder().encode(json), (b) => String.fromCharCode(b)).join('')),
    )
  })

  it('names the member that it refuses', () => {
    expect(readPayment(encodeHeader({ stripe402Version: 1, topUpAmount: '5e4' }))).toMatchObject({
      detail: 'The member "topUpAmount" is missing or not acceptable.',
    })
  })

  it('answers, never throws, on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), (message) => {
        expect(readPayment(encodeHeader(message)).ok).toBe(false)
      }),
    )
  })

  it('is typed as a payment only once it is accepted', () => {
    expectTypeOf(readPayment).returns.toEqualTypeOf<Decoded<Payment>>()
  })
})

describe('serializePayment', () => {
  it.each(vectors.reads)('writes $description', ({ header, message }) => {
    expect(serializePayment(accepted(message))).toBe(header)
  })

  it('adds the version', () => {
    expect(serializePayment({})).toBe(encodeHeader({ stripe402Version: 1 }))
  })
})

describe('provedText', () => {
  it('holds every member but the proof, by name, whatever their order', () => {
    const text = '[["clientId","é"],["more",[1,{"b":2}]],["stripe402Version",1],["topUpAmount",50000]]'
    const members = {
      topUpAmount: 50_000,
      proof: 'x',
      more: [1, { b: 2 }],
      currency: undefined,
      clientId: 'é',
    }
    expect(provedText({ stripe402Version: 1, ...members })).toBe(text)
    expect(provedText({ ...members, proof: undefined, stripe402Version: 1 })).toBe(text)
  })

  it('is the same for what is sent and what is read', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })), (message) => {
        expect(provedText(JSON.parse(JSON.stringify(message)))).toBe(provedText(message))
      }),
    )
  })
})
