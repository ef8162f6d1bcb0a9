import { createHash, createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { HEADERS, provedText, readHeader, readJson } from '@stripe402/core'
import type { PaidRequest } from '../paid-request.js'

/** A key that has signed this very request. */
export interface KeyProof {
  /** RFC 7638. */
  thumbprint: string
  /**
   * Digest of what was signed. Not of the signature, which whoever has seen one can turn into another that is as good.
   */
  digest: string
}

/** How far the clock of a browser may be off. */
export const PROOF_SLACK_MS = 300_000

/** 32 bytes, base64url. */
const COORDINATE = /^[\w-]{43}$/

/** What a proof has to be about. */
interface Proving {
  request: PaidRequest
  requestId: string | undefined
  nowMs: number
  /** The seller's own; `null` for any. */
  origins: readonly string[] | null
}

/**
 * Reads a proof of possession as RFC 9449 has it: a JWT, signed with ES256 by the key in its header, about this method,
 * this URL, this payment and this moment, whose `jti` is the request id. `null` for anything else, whatever a stranger sent.
 */
export function readKeyProof(
  proof: string | undefined,
  { request, requestId, nowMs, origins }: Proving,
): KeyProof | null {
  if (proof === undefined || requestId === undefined) return null
  const [head = '', body = '', signature = '', ...rest] = proof.split('.')
  if (rest.length > 0) return null
  const header = readPart(head)
  const claims = readPart(body)
  if (header.typ !== 'dpop+jwt' || header.alg !== 'ES256') return null
  if (
    claims.htm !== request.method ||
    claims.jti !== requestId ||
    !isAbout(claims.htu, request, origins) ||
    claims.pth !== digestOfPayment(request)
  )
    return null
  if (typeof claims.iat !== 'number' || !(Math.abs(claims.iat * 1000 - nowMs) <= PROOF_SLACK_MS)) return null
  const jwk = readKey(header.jwk)
  if (jwk === null || !isSigned(jwk, `${head}.${body}`, signature)) return null
  const digest = createHash('sha256').update(`${head}.${body}`).digest('base64url')
  return { thumbprint: thumbprintOf(jwk), digest }
}

/** Of the message as it came: also a member that we do not know stands for what its sender wanted. */
function digestOfPayment(request: PaidRequest): string | null {
  const decoded = readHeader(request.header(HEADERS.PAYMENT))
  if (!decoded.ok) return null
  try {
    return createHash('sha256')
      .update(provedText(membersOf(decoded.value)))
      .digest('base64url')
  } catch {
    // Nested too deeply to be written again.
    return null
  }
}

interface EcKey extends JsonWebKey {
  kty: 'EC'
  crv: 'P-256'
  x: string
  y: string
}

function readKey(value: unknown): EcKey | null {
  const { kty, crv, x, y } = membersOf(value)
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return null
  return COORDINATE.test(x) && COORDINATE.test(y) ? { kty, crv, x, y } : null
}

function isSigned(jwk: EcKey, text: string, signature: string): boolean {
  try {
    // A point that is not on the curve throws.
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return verify(
      'sha256',
      Buffer.from(text),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  } catch {
    return false
  }
}

/** RFC 7638: the required members in the order of their names. */
function thumbprintOf({ crv, kty, x, y }: EcKey): string {
  return createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url')
}

/** Whether a URL is the request's. Behind a proxy a browser knows another origin than we do, so the seller says which. */
function isAbout(url: unknown, request: PaidRequest, origins: readonly string[] | null): boolean {
  if (typeof url !== 'string' || !URL.canParse(url)) return false
  const { origin, pathname, search } = new URL(url)
  if (origins !== null && !origins.includes(origin)) return false
  return pathname + search === withoutEmptyQuery(request.url)
}

/** Some clients send the `?` of an empty query, others do not. */
function withoutEmptyQuery(url: string): string {
  return url.endsWith('?') ? url.slice(0, -1) : url
}

function readPart(part: string): Readonly<Record<string, unknown>> {
  const decoded = readJson(Buffer.from(part, 'base64url').toString('utf8'))
  return decoded.ok ? membersOf(decoded.value) : {}
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
