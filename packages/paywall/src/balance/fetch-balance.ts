import { accountFetch } from '@stripe402/client'
import type { Balance } from '../events/balance-change-event.js'

/**
 * Asks the origin for the balance of the known client: credit may have come by webhook, or gone on another device.
 *
 * @returns `null` when there is no known client or no answer
 */
export async function fetchBalance({ origin, currency }: Balance): Promise<Balance | null> {
  try {
    const response = await accountFetch(`${origin}/.well-known/stripe402/balance`, {}, { currency })
    const answer: unknown = response?.ok ? await response.json() : null
    const units = availableUnits(answer, currency)
    return units === null ? null : { origin, currency, units }
  } catch {
    // Offline, or not a server of ours: what is known stays.
    return null
  }
}

function availableUnits(answer: unknown, currency: string): number | null {
  if (!isObject(answer) || !Array.isArray(answer.balances)) return null
  const balances: unknown[] = answer.balances
  const entry = balances.find((one) => isObject(one) && one.currency === currency)
  return isObject(entry) && Number.isSafeInteger(entry.available) ? Number(entry.available) : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
