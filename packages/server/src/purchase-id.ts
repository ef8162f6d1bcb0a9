import { isPurchaseId, type PurchaseId } from '@stripe402/core'
import type { Context } from './context.js'

/** A purchase id for a client that sends none (an original one). */
export function newPurchaseId({ settings }: Pick<Context, 'settings'>): PurchaseId {
  const id = settings.runtime.randomUUID()
  if (!isPurchaseId(id)) throw new TypeError(`runtime.randomUUID must return a lower-case UUID, not "${id}".`)
  return id
}
