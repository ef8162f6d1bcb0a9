import { type Payment, provedText } from '@stripe402/core'

/** What a proof is about. */
export interface ProvedRequest {
  readonly method: string
  readonly url: string
  /** Goes out exactly so, with the proof beside it. */
  readonly payment: Payment
  /** The server's clock, as far as this client knows it. */
  readonly nowMs: number
}

/**
 * Signs one request and its payment: a JWT as RFC 9449 (DPoP) has it, with the public key in its header.
 *
 * Unlike there, `htu` has the query: another query is another thing to pay for. `pth` is a digest of the payment.
 */
export async function proveKey(
  { privateKey, publicKey }: CryptoKeyPair,
  { method, url, payment, nowMs }: ProvedRequest,
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const digest = await crypto.subtle.digest('SHA-256', bytesOf(provedText(payment)))
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const claims = {
    htm: method,
    htu: url.replace(/#.*/s, ''),
    // To the millisecond: a request that is sent again has the same id, and each proof is good once.
    iat: nowMs / 1000,
    jti: payment.requestId,
    pth: encoded(textOf(digest)),
  }
  const text = `${encoded(JSON.stringify(header))}.${encoded(JSON.stringify(claims))}`
  const signing = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(signing, privateKey, bytesOf(text))
  return `${text}.${encoded(textOf(signature))}`
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}

function textOf(bytes: ArrayBuffer): string {
  return String.fromCharCode(...new Uint8Array(bytes))
}

/** Base64url of a text whose characters are bytes: a URL is ASCII once it is parsed. */
function encoded(text: string): string {
  return btoa(text).replace(/[+/=]/g, (character) => ({ '+': '-', '/': '_' })[character] ?? '')
}
