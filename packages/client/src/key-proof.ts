import type { RequestId } from '@stripe402/core'

/** What a proof is about. */
export interface ProvedRequest {
  readonly method: string
  readonly url: string
  readonly requestId: RequestId
  /** The server's clock, as far as this client knows it. */
  readonly nowMs: number
}

/**
 * Signs one request: a JWT as RFC 9449 (DPoP) has it, with the public key in its header.
 *
 * Unlike there, `htu` has the query: another query is another thing to pay for.
 */
export async function proveKey(
  { privateKey, publicKey }: CryptoKeyPair,
  { method, url, requestId, nowMs }: ProvedRequest,
): Promise<string> {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', publicKey)
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } }
  const claims = {
    htm: method,
    htu: url.replace(/#.*/s, ''),
    // To the millisecond: a request that is sent again has the same id, and each proof is good once.
    iat: nowMs / 1000,
    jti: requestId,
  }
  const text = `${encoded(JSON.stringify(header))}.${encoded(JSON.stringify(claims))}`
  const signing = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(signing, privateKey, new TextEncoder().encode(text))
  return `${text}.${encoded(String.fromCharCode(...new Uint8Array(signature)))}`
}

/** Base64url of a text whose characters are bytes: a URL is ASCII once it is parsed. */
function encoded(text: string): string {
  return btoa(text).replace(/[+/=]/g, (character) => ({ '+': '-', '/': '_' })[character] ?? '')
}
