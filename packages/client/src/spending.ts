import type { OriginRecord } from './client-store.js'

/** What a record says was spent on this UTC day and in all, in units. */
export function spentOf({ spent }: OriginRecord, currency: string): { today: number; inAll: number } {
  return {
    today: (spent?.day === today() && spent.units[currency]) || 0,
    inAll: spent?.inAll?.[currency] ?? 0,
  }
}

/** The UTC day, as a record writes it. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}
