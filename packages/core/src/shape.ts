import type { Decoded } from './header-codec.js'
import { STRIPE402_VERSION } from './headers.js'

// Browsers read two messages, and valibot's object, array and issue texts would weigh 1.1 KB of the 3.5 KB (gzip) that
// a paying fetch may weigh; servers read one per paid request, three times as fast. These few lines accept exactly what
// `schemas.ts` accepts; a property test holds them to it.

/** Looks at a value and names the first member that is not acceptable: `''` is the value itself. */
export type Look = (input: unknown) => string | undefined

/** A look for every member of a message, its version first. */
export type Members<T> = { readonly [K in keyof T]-?: Look }

/** An object with these members; others are ignored, as a newer peer may send them. */
export function object<T>(members: Members<T>): Look {
  return (input) => {
    if (!isObject(input)) return ''
    for (const name in members) {
      const wrong = members[name](input[name])
      if (wrong !== undefined) return wrong ? `${name}.${wrong}` : name
    }
    return undefined
  }
}

/** A member that may be absent. */
export function optional(look: Look): Look {
  return (input) => (input === undefined ? undefined : look(input))
}

/** An array of at least `least` and at most `most` items. */
export function list(look: Look, least: number, most: number): Look {
  return (input) => {
    if (!Array.isArray(input) || input.length < least || input.length > most) return ''
    const at = input.findIndex((item) => look(item) !== undefined)
    return at < 0 ? undefined : `${at}.${look(input[at])}`.replace(/\.$/, '')
  }
}

/** Text of at most `most` UTF-16 code units. */
export function text(most: number): Look {
  return matching((input) => typeof input === 'string' && input.length <= most)
}

/** Text that matches. */
export function pattern(expression: RegExp): Look {
  return matching((input) => typeof input === 'string' && expression.test(input))
}

/** An amount in units (1/10,000 of the major currency unit): a safe integer of at least `least`. */
export function units(least: number): Look {
  return matching((input) => Number.isSafeInteger(input) && Number(input) >= least)
}

/** One exact value. */
export function exactly(expected: unknown): Look {
  return matching((input) => input === expected)
}

/** `true` or `false`. */
export const boolean: Look = matching((input) => typeof input === 'boolean')

/** Whatever a predicate accepts. */
function matching(accepts: (input: unknown) => boolean): Look {
  return (input) => (accepts(input) ? undefined : '')
}

/** The answer of a reader for a value whose member `wrong` is not acceptable. */
function refuseShape(wrong: string): Decoded<never> {
  return wrong === 'stripe402Version'
    ? {
        ok: false,
        problem: 'wrong_version',
        detail: `The message is not of stripe402 version ${STRIPE402_VERSION}.`,
      }
    : {
        ok: false,
        problem: 'wrong_shape',
        detail: `The ${wrong ? `member "${wrong}"` : 'message'} is missing or not acceptable.`,
      }
}

/** Holds an already decoded value against a look at every member of `T`. Never throws. */
export function acceptShape<T>(decoded: Decoded<unknown>, look: Look): Decoded<T> {
  if (!decoded.ok) return decoded
  const wrong = look(decoded.value)
  return wrong === undefined ? { ok: true, value: decoded.value as T } : refuseShape(wrong)
}

/** The same, of what is listed only: a member that is not known is left out. */
export function pickShape<T>(decoded: Decoded<unknown>, members: Members<T>): Decoded<T> {
  if (!decoded.ok) return decoded
  const input = decoded.value
  if (!isObject(input)) return refuseShape('')
  const picked: Record<string, unknown> = {}
  for (const name in members) {
    const member = input[name]
    const wrong = members[name](member)
    if (wrong !== undefined) return refuseShape(wrong ? `${name}.${wrong}` : name)
    if (member !== undefined) picked[name] = member
  }
  return { ok: true, value: picked as T }
}

function isObject(input: unknown): input is Readonly<Record<string, unknown>> {
  return typeof input === 'object' && input !== null
}
