import { localStore } from '@stripe402/client'
import type { Balance } from '../events/balance-change-event.js'

/** What this browser last heard of its credit at an origin, without asking anybody; `null` for a new client. */
export function knownBalance(origin: string, currency?: string): Balance | null {
  const clients = localStore().get(origin)?.clients ?? {}
  const [known] = Object.entries(clients).filter(([code]) => currency === undefined || code === currency)
  return known ? { origin, currency: known[0], units: known[1].balanceUnits } : null
}
