import { Stripe402Error } from './stripe402-error.js'

/** A header value longer than this many characters is refused before it is decoded. */
export const MAX_HEADER_LENGTH = 8192

/** Why a header value could not be read. */
export type HeaderProblem =
  | 'empty'
  | 'too_large'
  | 'not_base64'
  | 'not_utf8'
  | 'not_json'
  | 'wrong_version'
  | 'wrong_shape'

/** What reading an untrusted value came to. `detail` is safe to show: it never repeats the value. */
export type Decoded<T> = { ok: true; value: T } | { ok: false; problem: HeaderProblem; detail: string }

/** A value that is not a stripe402 header. Thrown by {@link decodeHeader} only. */
export class InvalidHeaderError extends Stripe402Error<'invalid_header'> {
  readonly problem: HeaderProblem

  constructor(problem: HeaderProblem, detail: string) {
    super('invalid_header', detail)
    this.problem = problem
  }
}

// Standard or URL-safe alphabet, padding optional but never in the middle.
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/
const URL_SAFE = /[-_]/
// Nearly every message is ASCII, which is its own UTF-8: 2 µs less per paid request each way.
const NOT_ASCII = /[\u0080-\uffff]/

/**
 * Serializes a message as standard padded base64 of UTF-8 JSON.
 *
 * @throws TypeError for what JSON cannot hold, such as `undefined` or a bigint.
 * @example
 * ```ts
 * encodeHeader({ stripe402Version: 1, clientId: 'ab12' }) // "eyJzdHJpcGU0MDJWZXJzaW9uIjoxLCJjbGllbnRJZCI6ImFiMTIifQ=="
 * ```
 */
export function encodeHeader(message: unknown): string {
  const json: string | undefined = JSON.stringify(message)
  if (json === undefined) throw new TypeError('A header message must be a JSON value.')
  return btoa(NOT_ASCII.test(json) ? toBytes(json) : json)
}

/** UTF-8 as a string of one character per byte, which is what btoa takes. */
function toBytes(text: string): string {
  let bytes = ''
  // Spreading a large array into String.fromCharCode overflows the stack.
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte)
  return bytes
}

/**
 * Decodes a header value to JSON, whatever bytes a stranger sent. Never throws.
 *
 * Takes base64 and base64url, padded or not. The value is `unknown` until a schema has accepted it.
 */
export function readHeader(
  value: string | null | undefined,
  maxLength: number = MAX_HEADER_LENGTH,
): Decoded<unknown> {
  // Callers without a type checker also send arrays and numbers.
  if (typeof value !== 'string' || value === '') return refuse('empty', 'The header is empty.')
  if (value.length > maxLength)
    return refuse('too_large', `The header is longer than ${maxLength} characters.`)
  const encoded = value.trim()
  if (!BASE64.test(encoded)) return refuse('not_base64', 'The header is not base64.')
  let bytes: string
  try {
    bytes = atob(URL_SAFE.test(encoded) ? encoded.replace(/-/g, '+').replace(/_/g, '/') : encoded)
  } catch {
    return refuse('not_base64', 'The header is not base64.')
  }
  if (!NOT_ASCII.test(bytes)) return readJson(bytes)
  try {
    return readJson(
      new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0))),
    )
  } catch {
    return refuse('not_utf8', 'The header is not UTF-8.')
  }
}

/** Parses JSON text from a stranger. Never throws, and refuses `__proto__` as a member name. */
export function readJson(text: string): Decoded<unknown> {
  try {
    // A reviver triples the cost; without the name or an escape that could spell it there is nothing to refuse.
    return { ok: true, value: JSON.parse(text, /__proto__|\\u/.test(text) ? refuseProto : undefined) }
  } catch {
    return refuse('not_json', 'The content is not acceptable JSON.')
  }
}

/**
 * Decodes a header value, for code written against the original API.
 *
 * @throws {@link InvalidHeaderError} when the value is not base64 of UTF-8 JSON. The shape is not checked:
 * prefer the readers `readPaymentRequired`, `readPayment` and `readPaymentResponse`.
 */
export function decodeHeader<T = unknown>(value: string): T {
  const decoded = readHeader(value)
  if (!decoded.ok) throw new InvalidHeaderError(decoded.problem, decoded.detail)
  const trusted: unknown = decoded.value
  return trusted as T
}

function refuse(problem: HeaderProblem, detail: string): Decoded<never> {
  return { ok: false, problem, detail }
}

function refuseProto(key: string, value: unknown): unknown {
  // An own member of this name turns into a prototype the moment somebody copies the object.
  if (key === '__proto__') throw new SyntaxError('__proto__ is not allowed')
  return value
}
