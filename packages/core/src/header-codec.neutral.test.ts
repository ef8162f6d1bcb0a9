import fc from 'fast-check'
import { describe, expect, expectTypeOf, it } from 'vitest'
import vectors from '../vectors/headers.json' with { type: 'json' }
import {
  type Decoded,
  decodeHeader,
  encodeHeader,
  InvalidHeaderError,
  MAX_HEADER_LENGTH,
  readHeader,
  readJson,
} from './header-codec.js'

/** Any text JavaScript can hold, halves of surrogate pairs included. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
)
const anyJson = fc
  .oneof(fc.jsonValue({ stringUnit: 'binary', maxDepth: 3 }), anyText, fc.dictionary(anyText, anyText))
  .map((value): unknown => JSON.parse(JSON.stringify(value)))
  .filter((value) => !namesProto(value))

function namesProto(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([name, member]) => name === '__proto__' || namesProto(member))
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
}

describe('encodeHeader', () => {
  it.each(vectors.encodes)('writes $description', ({ message, header }) => {
    expect(encodeHeader(message)).toBe(header)
  })

  it('stays within the characters of padded base64', () => {
    fc.assert(
      fc.property(anyJson, (message) => {
        expect(encodeHeader(message)).toMatch(
          /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
        )
      }),
    )
  })

  it.each([undefined, () => 1, Symbol('x'), 1n])(
    'throws a TypeError for %o, which JSON cannot hold',
    (value) => {
      expect(() => encodeHeader(value)).toThrow(TypeError)
    },
  )
})

describe('readHeader', () => {
  it.each([...vectors.encodes, ...vectors.decodes])('reads $description', ({ header, message }) => {
    expect(readHeader(header)).toStrictEqual({ ok: true, value: message })
  })

  it.each(vectors.refuses)('refuses $description', ({ header, generate, problem }) => {
    const value = generate ? generate.repeat.repeat(generate.times) : header
    expect(readHeader(value)).toMatchObject({ ok: false, problem })
  })

  it.each([null, undefined])('reads %s as an empty header', (value) => {
    expect(readHeader(value)).toMatchObject({ ok: false, problem: 'empty' })
  })

  it('returns what encodeHeader was given, whatever JSON and Unicode it holds', () => {
    fc.assert(
      fc.property(anyJson, (message) => {
        expect(readHeader(encodeHeader(message), Number.POSITIVE_INFINITY)).toStrictEqual({
          ok: true,
          value: message,
        })
      }),
      { numRuns: 500 },
    )
  })

  it('reads base64url and unpadded spellings as the same value', () => {
    fc.assert(
      fc.property(anyJson, (message) => {
        const other = encodeHeader(message).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
        expect(readHeader(other, Number.POSITIVE_INFINITY)).toStrictEqual({ ok: true, value: message })
      }),
    )
  })

  it('answers, never throws, on any text', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        expect(typeof readHeader(value).ok).toBe('boolean')
      }),
      { numRuns: 1000 },
    )
  })

  it('answers, never throws, on base64 of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        expect(typeof readHeader(base64(bytes)).ok).toBe('boolean')
      }),
      { numRuns: 1000 },
    )
  })

  it('never repeats the value it refuses', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, unit: fc.constantFrom('§', '¤', '¬') }), (value) => {
        expect(JSON.stringify(readHeader(value))).not.toContain(value)
      }),
    )
  })

  it('takes exactly the limit and not one character more', () => {
    const atLimit = btoa(`"${'x'.repeat((MAX_HEADER_LENGTH / 4) * 3 - 2)}"`)
    expect(atLimit).toHaveLength(MAX_HEADER_LENGTH)
    expect(readHeader(atLimit).ok).toBe(true)
    expect(readHeader(`${atLimit} `)).toMatchObject({ problem: 'too_large' })
  })

  it('leaves the prototype of what it returns alone', () => {
    const read = readHeader(encodeHeader({ constructor: 1, text: '__proto__', escaped: '\\u' }))
    if (!read.ok || typeof read.value !== 'object') throw new Error('not read')
    expect(Object.getPrototypeOf(read.value)).toBe(Object.prototype)
  })

  it('is typed as unknown until a reader has looked', () => {
    expectTypeOf(readHeader).returns.toEqualTypeOf<Decoded<unknown>>()
  })
})

describe('readJson', () => {
  it('answers, never throws, on any text', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, fc.json()), (text) => {
        expect(typeof readJson(text).ok).toBe('boolean')
      }),
      { numRuns: 1000 },
    )
  })

  it('refuses a depth that no stack holds', () => {
    const deep = '['.repeat(200_000)
    expect(readJson(`${deep}"\\u0041"${']'.repeat(200_000)}`)).toMatchObject({ ok: false })
  })
})

describe('decodeHeader', () => {
  it('returns the message of a valid header', () => {
    expect(decodeHeader<{ ü: string }>(encodeHeader({ ü: '€' })).ü).toBe('€')
  })

  it.each(vectors.refuses)('throws InvalidHeaderError with the problem of $description', (refused) => {
    const { header, generate, problem } = refused
    const value = generate ? generate.repeat.repeat(generate.times) : header
    const decode = (): unknown => decodeHeader(value ?? '')
    expect(decode).toThrow(InvalidHeaderError)
    expect(decode).toThrow(expect.objectContaining({ code: 'invalid_header', problem }))
  })
})
