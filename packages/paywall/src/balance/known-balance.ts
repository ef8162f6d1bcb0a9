import { localStore } from '@stripe402/client'
import type { Balance } from '../events/balance-change-event.js'

/** What this browser last heard of its credit at an origin, without asking anybody; `null` for a new client. */
export function knownBalance(origin: string, currency?: string): Balance | null {
  const clients = Object.entries(localStore().get(origin)?.clients ?? {})
  const known = clients.find(([code]) => !currency || code === currency)
  return known ? { origin, currency: known[0], units: known[1].balanceUnits } : null
}
