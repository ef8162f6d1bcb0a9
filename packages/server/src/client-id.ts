import { createHmac } from 'node:crypto'
import { type ClientId, isClientId } from '@stripe402/core'

/**
 * Who pays: hex HMAC-SHA256 of the card's fingerprint under the server's secret.
 *
 * The same card on the same server is always the same client; the fingerprint cannot be recovered, and two servers
 * with different secrets cannot tell that they serve the same card.
 *
 * @throws TypeError when the fingerprint is empty.
 */
export function deriveClientId(cardFingerprint: string, serverSecret: string): ClientId {
  if (cardFingerprint === '')
    throw new TypeError('deriveClientId needs a card fingerprint, got an empty text.')
  const id = createHmac('sha256', serverSecret).update(cardFingerprint).digest('hex')
  if (!isClientId(id)) throw new TypeError('unreachable: SHA-256 has 64 hex digits')
  return id
}

/** Whether a client is the holder of the card with this fingerprint, under whichever secret their account was opened. */
export function isHolder(
  clientId: ClientId,
  cardFingerprint: string | null | undefined,
  secrets: readonly string[],
): boolean {
  if (!cardFingerprint) return false
  return secrets.some((secret) => deriveClientId(cardFingerprint, secret) === clientId)
}

/** Names this server in the metadata of its PaymentIntents, so that two servers may share one Stripe account. */
export function deriveIssuer(serverSecret: string): string {
  return createHmac('sha256', serverSecret).update('stripe402 issuer').digest('hex').slice(0, 16)
}
