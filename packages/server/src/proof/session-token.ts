import { createHmac, timingSafeEqual } from 'node:crypto'
import { isClientId } from '@stripe402/core'
import type { Settings } from '../settings.js'
import type { AccountKey } from '../store.js'

/** What a session token says: who may spend from what, how much at once, and until when. */
export interface Session extends AccountKey {
  /** The era of the account that it was signed in. */
  era: number
  /** RFC 7638 thumbprint of the key that proved itself for it. */
  thumbprint: string
  /**
   * Where its spending ends: what the account may have spent and set aside, ever. A request that goes beyond wants the key
   * itself.
   */
  ceilingUnits: number
}

/** How long a token is good for; then the key has to prove itself again. */
export const SESSION_MS = 600_000

/**
 * Signs a session: `v1.key id.client.currency.era.thumbprint.ceiling.expiry in seconds.HMAC-SHA256`. The key id says
 * which of several secrets it was, so that a rotation ends no session.
 */
export function signSession(settings: Settings, session: Session): string {
  const { clientId, currency, era, thumbprint, ceilingUnits } = session
  const [{ id, key }] = signingKeysOf(settings)
  const expiresAt = Math.floor((settings.runtime.now() + SESSION_MS) / 1000)
  const text = ['v1', id, clientId, currency, era, thumbprint, ceilingUnits, expiresAt].join('.')
  return `${text}.${mac(key, text)}`
}

interface SignedSession {
  session: Readonly<Session>
  expiresAtMs: number
}

/** So many tokens are known by their text, which is a few megabytes; of more, the oldest is verified anew. */
const MOST_KNOWN = 5000

/** Tokens that were well signed, by the secrets that signed them: a client sends the same one for minutes. */
const knownTokens = new WeakMap<readonly string[], Map<string, SignedSession>>()

/** Reads a token that a stranger sent; `null` unless one of our secrets signed it and it has not run out. */
export function readSession(settings: Settings, token: string | undefined): Readonly<Session> | null {
  if (token === undefined) return null
  const known = knownTokens.get(settings.secrets) ?? new Map<string, SignedSession>()
  const signed = known.get(token) ?? verify(settings, token)
  if (signed === null || !(signed.expiresAtMs > settings.runtime.now())) return null
  if (!known.has(token)) remember(settings, known.set(token, signed))
  return signed.session
}

function remember({ secrets }: Settings, known: Map<string, SignedSession>): void {
  knownTokens.set(secrets, known)
  const [oldest] = known.size > MOST_KNOWN ? known.keys() : []
  if (oldest !== undefined) known.delete(oldest)
}

function verify(settings: Settings, token: string): SignedSession | null {
  const end = token.lastIndexOf('.')
  const parts = token.slice(0, Math.max(end, 0)).split('.')
  const [version, id, clientId = '', currency = '', era, thumbprint = '', ceilingUnits, expiresAt] = parts
  const signed = signingKeysOf(settings).find((known) => known.id === id)
  if (version !== 'v1' || parts.length !== 8 || signed === undefined) return null
  if (!isSame(token.slice(end + 1), mac(signed.key, token.slice(0, end)))) return null
  if (!isClientId(clientId)) return null
  const session = { clientId, currency, era: Number(era), thumbprint, ceilingUnits: Number(ceilingUnits) }
  return { session, expiresAtMs: Number(expiresAt) * 1000 }
}

interface SigningKey {
  id: string
  key: Buffer
}

const signingKeys = new WeakMap<readonly string[], readonly [SigningKey, ...SigningKey[]]>()

/** One per secret, newest first. A key of its own, so that a token says nothing about how client ids are made. */
function signingKeysOf({ secrets }: Settings): readonly [SigningKey, ...SigningKey[]] {
  const known = signingKeys.get(secrets)
  if (known) return known
  const derive = (secret: string): SigningKey => {
    const key = createHmac('sha256', secret).update('stripe402 session').digest()
    return { key, id: createHmac('sha256', key).update('id').digest('base64url').slice(0, 6) }
  }
  const [newest, ...older] = secrets
  const made: readonly [SigningKey, ...SigningKey[]] = [derive(newest), ...older.map(derive)]
  signingKeys.set(secrets, made)
  return made
}

function mac(key: Buffer, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url')
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)]
  return a.length === b.length && timingSafeEqual(a, b)
}
