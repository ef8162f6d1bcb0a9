import type { PurchaseId, RequestId } from '@stripe402/core'

/** A fresh id for one thing that somebody decided to buy. */
export function newPurchaseId(): PurchaseId {
  return uuid() as PurchaseId
}

/** A fresh id for one logical request. */
export function newRequestId(): RequestId {
  return uuid() as RequestId
}

function uuid(): string {
  // Missing on plain http, where people develop.
  if ('randomUUID' in crypto) return crypto.randomUUID()
  return '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const random = crypto.getRandomValues(new Uint8Array(1))[0] ?? 0
    return (Number(digit) ^ (random & (15 >> (Number(digit) / 4)))).toString(16)
  })
}
