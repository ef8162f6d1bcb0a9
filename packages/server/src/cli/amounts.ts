import { formatUnits } from '@stripe402/core'

/** An amount as a person reads it. */
export function money(units: number, currency: string): string {
  return formatUnits(units, currency, 'en')
}

/** A moment as a person reads it, in UTC, to the second. */
export function moment(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')
}
