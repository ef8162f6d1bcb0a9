import { randomUUID } from 'node:crypto'
import {
  type ClientId,
  isClientId,
  isPurchaseId,
  isRequestId,
  type PurchaseId,
  type RequestId,
} from '@stripe402/core'

/** One thing that somebody decided to buy. */
export function newPurchaseId(): PurchaseId {
  const id = randomUUID()
  if (!isPurchaseId(id)) throw new TypeError(id)
  return id
}

/** One logical request. */
export function newRequestId(): RequestId {
  const id = randomUUID()
  if (!isRequestId(id)) throw new TypeError(id)
  return id
}

/** A client id that was never handed out, such as `clientIdOf('a'.repeat(64))`. */
export function clientIdOf(text: string): ClientId {
  if (!isClientId(text)) throw new TypeError(text)
  return text
}
