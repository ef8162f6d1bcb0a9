import { localStore } from '@stripe402/client'
import type { Balance } from '../events/balance-change-event.js'

/** Keeps what an origin has told of its credit, for all tabs. */
export function rememberBalance({ origin, currency, units }: Balance): void {
  const store = localStore()
  const known = store.get(origin)
  const client = known?.clients[currency]
  if (!known || !client) return
  store.set(origin, {
    ...known,
    clients: { ...known.clients, [currency]: { ...client, balanceUnits: units } },
  })
}
