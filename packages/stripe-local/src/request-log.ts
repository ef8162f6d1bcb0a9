import type Stripe from 'stripe'
import { type FaultAction, isPathLike } from './faults.js'
import type { FormTree } from './form.js'

/** One call of the API. */
export interface LogEntry {
  atMs: number
  requestId: string
  method: string
  path: string
  /** As sent, card numbers masked. */
  params: FormTree
  idempotencyKey: string | null
  key: 'secret' | 'publishable' | null
  /** Null while there is no answer, and where none ever came. */
  status: number | null
  replayed: boolean
  /** What changed, as `event.type object_id`. */
  effect: readonly string[]
  fault: FaultAction | null
}

/** Which entries. */
export interface LogFilter {
  method?: string
  /** A path; a segment that starts with a colon stands for anything. */
  path?: string
  status?: number
  replayed?: boolean
}

/** Which charges. */
export interface ChargeFilter {
  fingerprint?: string
  last4?: string
  paymentIntent?: string
  customer?: string
}

/** Every call, oldest first, and what tests want to know of them. */
export interface RequestLog {
  readonly entries: readonly LogEntry[]
  find(filter: LogFilter): LogEntry[]
  count(filter: LogFilter): number
  /** @throws Error with the log unless exactly one successful charge matches. */
  assertOneCharge(filter?: ChargeFilter): Stripe.Charge
  /** @throws Error with the log if a successful charge matches. */
  assertNoCharge(filter?: ChargeFilter): void
  /** @throws Error with the log unless so many successful charges match. */
  assertCharges(count: number, filter?: ChargeFilter): Stripe.Charge[]
  /** The log as a table, for messages. */
  print(): string
  clear(): void
}

/** The log as the API writes it. */
export interface WritableLog extends RequestLog {
  add(entry: LogEntry): void
}

/** Makes an empty log over the charges that there are. */
export function createRequestLog(charges: () => Stripe.Charge[]): WritableLog {
  const entries: LogEntry[] = []
  const log: WritableLog = {
    entries,
    add: (entry) => entries.push(entry),
    find: (filter) => entries.filter((entry) => matches(entry, filter)),
    count: (filter) => log.find(filter).length,
    assertCharges(count, filter = {}) {
      const found = charges().filter((charge) => charge.status === 'succeeded' && isOf(charge, filter))
      if (found.length === count) return found
      const list = found.map(
        (charge) => `  ${charge.id} ${charge.amount} ${charge.currency} (${charge.payment_intent})`,
      )
      throw new Error(
        `Expected ${count} successful charge(s) for ${JSON.stringify(filter)}, found ${found.length}:\n${list.join('\n')}\n\nRequests:\n${log.print()}`,
      )
    },
    assertOneCharge(filter) {
      const [only] = log.assertCharges(1, filter)
      if (!only) throw new Error('Expected one charge.')
      return only
    },
    assertNoCharge(filter) {
      log.assertCharges(0, filter)
    },
    print: () => entries.map(printEntry).join('\n'),
    clear: () => entries.splice(0),
  }
  return log
}

/** Copies parameters without card numbers and security codes. */
export function masked(params: FormTree): FormTree {
  const entries = Object.entries(params).map(([name, value]): [string, FormTree[string]] => {
    if (typeof value !== 'string') return [name, masked(value)]
    if (name === 'number') return [name, `************${value.slice(-4)}`]
    return [name, name === 'cvc' ? '***' : value]
  })
  return Object.fromEntries(entries)
}

function matches(entry: LogEntry, { method, path, status, replayed }: LogFilter): boolean {
  return (
    (method === undefined || entry.method === method) &&
    (path === undefined || isPathLike(path, entry.path)) &&
    (status === undefined || entry.status === status) &&
    (replayed === undefined || entry.replayed === replayed)
  )
}

function isOf(charge: Stripe.Charge, { fingerprint, last4, paymentIntent, customer }: ChargeFilter): boolean {
  const card = charge.payment_method_details?.card
  return (
    (fingerprint === undefined || card?.fingerprint === fingerprint) &&
    (last4 === undefined || card?.last4 === last4) &&
    (paymentIntent === undefined || charge.payment_intent === paymentIntent) &&
    (customer === undefined || charge.customer === customer)
  )
}

function printEntry(entry: LogEntry): string {
  const notes = [
    entry.replayed ? 'replayed' : '',
    entry.fault ? `fault ${JSON.stringify(entry.fault)}` : '',
    entry.effect.join(', '),
  ].filter((note) => note !== '')
  return `  ${entry.method} ${entry.path} → ${entry.status ?? 'no answer'} [${entry.idempotencyKey ?? '-'}] ${notes.join(' · ')}`
}
