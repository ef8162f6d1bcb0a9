import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import vectors from '../vectors/payment-response.json' with { type: 'json' }
import { encodeHeader } from './header-codec.js'
import { type PaymentResponse, readPaymentResponse, serializePaymentResponse } from './payment-response.js'

function accepted(message: unknown): PaymentResponse {
  const read = readPaymentResponse(encodeHeader(message))
  if (!read.ok) throw new Error(read.detail)
  return read.value
}

describe('readPaymentResponse', () => {
  it.each([...vectors.reads, ...vectors.tolerates])('reads $description', ({ header, message }) => {
    const read = readPaymentResponse(header)
    expect(read).toMatchObject({ ok: true, value: message })
  })

  it.each(vectors.refuses)('refuses $description', ({ header, problem }) => {
    expect(readPaymentResponse(header)).toMatchObject({ ok: false, problem })
  })

  it('answers, never throws, on any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), (message) => {
        expect(readPaymentResponse(encodeHeader(message)).ok).toBe(false)
      }),
    )
  })
})

describe('serializePaymentResponse', () => {
  it.each(vectors.reads)('writes $description', ({ header, message }) => {
    expect(serializePaymentResponse(accepted(message))).toBe(header)
  })
})
