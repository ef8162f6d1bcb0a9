import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import paymentVectors from '../vectors/payment.json' with { type: 'json' }
import requiredVectors from '../vectors/payment-required.json' with { type: 'json' }
import responseVectors from '../vectors/payment-response.json' with { type: 'json' }
import { encodeHeader } from './header-codec.js'
import { readPayment } from './payment.js'
import { readPaymentRequired } from './payment-required.js'
import { readPaymentResponse } from './payment-response.js'
import { paymentRequiredSchema, paymentResponseSchema, paymentSchema } from './schemas.js'

const ABSENT = Symbol('absent')
/** What strangers put where something else belongs, with values at and one beyond the limits. */
const odd = fc.oneof(
  fc.constant(ABSENT),
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    1,
    -1,
    0.5,
    1e20,
    '',
    'x',
    'usd',
    'USD',
    '500',
    [],
    {},
    [1],
    [0],
  ),
  fc.constantFrom(
    ...[100, 101, 255, 256, 500, 501, 2000, 2001, 8192, 8193].map((length) => 'x'.repeat(length)),
  ),
  fc.constantFrom(
    'javascript:alert(1)',
    'https://a b',
    'https://',
    'HTTPS://EXAMPLE.COM',
    `https://${'x'.repeat(2041)}`,
  ),
  fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1),
  fc.jsonValue(),
)

/** Every path into a message: one of them is replaced. */
function pathsOf(value: unknown, prefix: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [prefix]
  return [prefix, ...Object.entries(value).flatMap(([name, member]) => pathsOf(member, [...prefix, name]))]
}

function replaceAt(value: unknown, [name, ...rest]: string[], by: unknown): unknown {
  if (name === undefined) return by
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [
    key,
    key === name ? replaceAt(member, rest, by) : member,
  ])
  const kept = entries.filter(([, member]) => member !== ABSENT)
  return Array.isArray(value) ? kept.map(([, member]) => member) : Object.fromEntries(kept)
}

function damaged(messages: unknown[]): fc.Arbitrary<unknown> {
  const places = messages.flatMap((message) => pathsOf(message).map((path) => ({ message, path })))
  return fc
    .tuple(fc.constantFrom(...places), odd)
    .map(([{ message, path }, by]) =>
      path.length === 0 && by === ABSENT ? null : replaceAt(message, path, by),
    )
}

const messages = [
  {
    name: 'payment',
    read: readPayment,
    schema: paymentSchema,
    examples: paymentVectors.reads.map(({ message }): unknown => message),
  },
  {
    name: 'payment-required',
    read: readPaymentRequired,
    schema: paymentRequiredSchema,
    examples: requiredVectors.reads.map(({ message }): unknown => message),
  },
  {
    name: 'payment-response',
    read: readPaymentResponse,
    schema: paymentResponseSchema,
    examples: responseVectors.reads.map(({ message }): unknown => message),
  },
]

describe.each(messages)('the reader of $name', ({ read, schema, examples }) => {
  it('accepts and refuses exactly what the valibot schema does, at the same member', () => {
    let refused = 0
    fc.assert(
      fc.property(damaged(examples), (message) => {
        const header = encodeHeader(message)
        fc.pre(header.length <= 8192 && !header.includes('X19wcm90b19f'))
        const ours = read(header)
        if (!ours.ok && ours.problem === 'not_json') return
        const theirs = v.safeParse(schema, message, { abortEarly: true })
        expect(ours.ok).toBe(theirs.success)
        if (ours.ok || theirs.success) return
        refused++
        const path = v.getDotPath(theirs.issues[0]) ?? 'message'
        expect(ours.detail).toContain(path === 'stripe402Version' ? 'not of stripe402 version' : path)
      }),
      { numRuns: 3000 },
    )
    expect(refused).toBeGreaterThan(500)
  })
})
