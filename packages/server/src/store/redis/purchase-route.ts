import { isClientId } from '@stripe402/core'
import type { AccountKey } from '../../store.js'
import { accountName } from './keys.js'
import { unexpected } from './replies.js'

/**
 * Which account a purchase belongs to, and from which attempt on.
 *
 * A purchase is tried in one account at a time, but every account has its own shard, so there are two facts: this
 * pointer, and a record of the purchase in the account. They change in an order that a crash may stop anywhere:
 *
 * 1. The pointer is claimed for account A, once A was seen to need a top-up and to have none open. Only then may a record
 *    be opened in A (`prepare-top-up`), and every opening states the pointer's first attempt as its licence.
 * 2. To leave A, its record is retired first: failed with another card, or never opened. A retired record never opens
 *    again under that licence, also not for a slow caller who read the pointer long ago.
 * 3. The pointer moves to B, with the next attempt as first, unless somebody else moved it.
 * 4. The record is opened in B.
 *
 * Stopped after 1, A may still open it. After 2, whoever comes next repeats 2 and goes on. After 3, B may open it, or
 * it is retired there in turn. At no point may two accounts open it, so it is never charged twice.
 */
export interface PurchaseRoute extends AccountKey {
  from: number
}

/** The route as the pointer keeps it. */
export function serializeRoute({ from, ...key }: PurchaseRoute): string {
  return `${accountName(key)}:${from}`
}

/** Reads a pointer. */
export function parseRoute(pointer: unknown): PurchaseRoute {
  const [clientId = '', currency = '', from] = String(pointer).split(':')
  if (!isClientId(clientId) || !Number.isSafeInteger(Number(from))) throw unexpected()
  return { clientId, currency, from: Number(from) }
}
