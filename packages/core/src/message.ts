import * as v from 'valibot'
import type { Decoded } from './header-codec.js'
import { STRIPE402_VERSION } from './headers.js'

/** An amount in units (1/10,000 of the major currency unit): a safe integer of at least `least`. */
export function unitsSchema(least: number): v.GenericSchema<number> {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(least))
}

/** ISO 4217 code, lower case as Stripe writes it. */
export const currencySchema: v.GenericSchema<string> = v.pipe(v.string(), v.regex(/^[a-z]{3}$/))

/** Holds an already decoded value against a schema. Never throws. */
export function acceptShape<T>(decoded: Decoded<unknown>, schema: v.GenericSchema<unknown, T>): Decoded<T> {
  if (!decoded.ok) return decoded
  if (!hasVersion(decoded.value))
    return {
      ok: false,
      problem: 'wrong_version',
      detail: `The message is not of stripe402 version ${STRIPE402_VERSION}.`,
    }
  const result = v.safeParse(schema, decoded.value, { abortEarly: true })
  if (result.success) return { ok: true, value: result.output }
  const path = result.issues[0].path?.map((part) => String(part.key)).join('.') || 'message'
  return { ok: false, problem: 'wrong_shape', detail: `The member "${path}" is missing or not acceptable.` }
}

function hasVersion(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stripe402Version' in value &&
    value.stripe402Version === STRIPE402_VERSION
  )
}
