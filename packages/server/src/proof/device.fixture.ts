import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { isRequestId, type Payment, provedText, type RequestId, STRIPE402_VERSION } from '@stripe402/core'

type Wish = Omit<Payment, 'stripe402Version'>

/** A browser with a key that cannot leave it. */
export interface Device {
  /**
   * A payment with a proof of the key, and with a request id if it has none. Members of `claims` replace claims of the
   * proof; those of `header` its header.
   */
  sign<Signed extends Wish>(
    wish: Signed,
    request: { method: string; url: string },
    changes?: { claims?: object; header?: object },
  ): Signed & { requestId: RequestId; proof: string }
}

/** Makes a device whose clock is `now`. */
export function newDevice(now: () => number = Date.now): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  return {
    sign(wish, { method, url }, { claims, header } = {}) {
      const payment = { ...wish, requestId: wish.requestId ?? someRequestId() }
      const text = provedText({ stripe402Version: STRIPE402_VERSION, ...payment })
      const proof = signed(
        privateKey,
        { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y }, ...header },
        {
          htm: method,
          htu: `https://shop.example${url}`,
          iat: Math.floor(now() / 1000),
          jti: payment.requestId,
          pth: createHash('sha256').update(text).digest('base64url'),
          ...claims,
        },
      )
      return { ...payment, proof }
    },
  }
}

/** A request id that nobody has used. */
export function someRequestId(): RequestId {
  const id = randomUUID()
  if (!isRequestId(id)) throw new TypeError('not a request id')
  return id
}

function signed(key: KeyObject, header: object, claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${part(header)}.${part(claims)}`
  const signature = sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' })
  return `${text}.${signature.toString('base64url')}`
}
