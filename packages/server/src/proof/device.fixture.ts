import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { isRequestId, type RequestId } from '@stripe402/core'

/** A browser with a key that cannot leave it. */
export interface Device {
  /** A proof of the key for one request. Members of `changes` replace claims; those of `header` its header. */
  prove(
    request: { method: string; url: string; requestId: RequestId },
    changes?: { claims?: object; header?: object },
  ): string
}

/** Makes a device whose clock is `now`. */
export function newDevice(now: () => number = Date.now): Device {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  return {
    prove({ method, url, requestId }, { claims, header } = {}) {
      return signed(
        privateKey,
        { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y }, ...header },
        {
          htm: method,
          htu: `https://shop.example${url}`,
          iat: Math.floor(now() / 1000),
          jti: requestId,
          ...claims,
        },
      )
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
