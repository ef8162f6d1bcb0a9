import { unsafeSum } from '../checked-input.js'
import { BlankStoreError, bareCause, InvalidInputError, StoreUnavailableError } from '../store-error.js'

// https://www.postgresql.org/docs/current/errcodes-appendix.html , by code or by class.
const REASONS: Readonly<Record<string, string>> = {
  '57014': 'PostgreSQL cancelled the statement, probably because of statement_timeout.',
  '57P01': 'PostgreSQL is shutting down.',
  '57P02': 'PostgreSQL has crashed and is starting again.',
  '57P03': 'PostgreSQL is starting.',
  '53300': 'PostgreSQL has no connection left. Raise max_connections or make the pool smaller.',
  '53100': 'The disk of PostgreSQL is full.',
  '25006': 'PostgreSQL is a read-only replica, probably after a failover.',
  '42501': 'The PostgreSQL user lacks a permission.',
  '40P01': 'PostgreSQL found a deadlock, again and again.',
  '40001': 'PostgreSQL could not serialize the transaction, again and again.',
  '42P01': 'A table is missing: call start() first.',
  '42883': 'A function is missing: call start() first.',
  '3F000': 'The schema is missing: call start() first.',
  '28': 'PostgreSQL refused the user name or password.',
  '08': 'The connection to PostgreSQL broke.',
}

/** Any rejection of the driver as an error of ours. */
export function postgresFault(error: unknown): Error {
  const code = codeOf(error)
  // Raised by our own functions, which then took back everything.
  if (code === '22003') return unsafeSum('A sum')
  if (code === '22021') return new InvalidInputError('A text holds a character that PostgreSQL cannot keep.')
  if (code === 'S4020') return new BlankStoreError()
  const reason = REASONS[code] ?? REASONS[code.slice(0, 2)] ?? 'PostgreSQL did not answer.'
  return new StoreUnavailableError(`${reason} The outcome is unknown.`, { cause: bareCause(error) })
}

/** Whether PostgreSQL undid the statement and says that the same one may succeed now. */
export function isRetriable(error: unknown): boolean {
  return ['40P01', '40001'].includes(codeOf(error))
}

/** Whether a statement failed for what is in it or in its rows, and would with others beside it as without. */
export function isAboutData(error: unknown): boolean {
  const cause = error instanceof StoreUnavailableError ? error.cause : undefined
  if (cause === undefined) return !(error instanceof StoreUnavailableError)
  return ['22', '23', 'P0', 'XX'].includes(codeOf(cause).slice(0, 2))
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
