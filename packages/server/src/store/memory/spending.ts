import type { Capture, CaptureResult, HoldReference, HoldRequest, HoldResult } from '../../store.js'
import {
  type AccountRecord,
  accountOf,
  addEntry,
  forgetSome,
  isFrozen,
  type Operation,
} from './account-record.js'

/** A request's handler runs at most this often for one price. */
const MAX_RUNS = 2

/** Decides a wish to spend, and sets the units aside. Lower steps of the ladder write; higher ones only look. */
export function hold(record: AccountRecord, request: HoldRequest, nowMs: number): HoldResult {
  const operation = currentOperation(record, request.operationId, nowMs)
  const answer = <T extends HoldResult['type']>(
    type: T,
  ): { type: T; account: ReturnType<typeof accountOf> } => ({
    type,
    account: accountOf(record),
  })
  const isOther = operation !== undefined && operation.fingerprint !== request.fingerprint
  // Also after a sign-out: it is the same run, whose answer was lost on the way.
  if (operation && !isOther && operation.state !== 'released' && operation.runs.includes(request.runId))
    return operation.state === 'held' ? answer('held') : { ...answer('admitted'), reason: 'replay' }
  if (request.era !== undefined && request.era !== record.era) return answer('unproven')
  if (isOther) return answer('conflict')
  if (isFrozen(record)) return answer('frozen')
  if (isAccessible(record, request, nowMs)) return { ...answer('admitted'), reason: 'access' }
  if (operation && operation.state !== 'released') {
    if (operation.runs.length >= MAX_RUNS || !coversPrice(operation, request)) return answer('conflict')
    operation.runs.push(request.runId)
    operation.forgetAtMs = nowMs + request.rememberMs
    if (operation.state === 'captured') return { ...answer('admitted'), reason: 'replay' }
    operation.expiresAtMs = Math.max(operation.expiresAtMs, nowMs + request.holdMs)
    return answer('held')
  }
  // Without the look at the earliest, each refusal would go through all operations.
  if (record.available < request.units && record.earliestExpiryMs <= nowMs)
    releaseExpired(record, nowMs, Number.POSITIVE_INFINITY)
  if (record.available < request.units) return answer('insufficient')
  record.available -= request.units
  record.held += request.units
  record.earliestExpiryMs = Math.min(record.earliestExpiryMs, nowMs + request.holdMs)
  record.operations.set(request.operationId, {
    fingerprint: request.fingerprint,
    state: 'held',
    units: request.units,
    runs: [request.runId],
    expiresAtMs: nowMs + request.holdMs,
    rememberMs: request.rememberMs,
    forgetAtMs: 0,
    resource: request.resource,
    access: request.access,
  })
  forgetSome(record, nowMs)
  return answer('held')
}

/** Spends what a run held; what it does not spend goes back. */
export function capture(
  record: AccountRecord,
  request: Capture,
  nowMs: number,
  historyLimit: number,
): CaptureResult {
  const operation = currentOperation(record, request.operationId, nowMs)
  if (operation?.state === 'captured') return { type: 'already_captured' }
  if (operation?.state !== 'held' || !operation.runs.includes(request.runId)) return { type: 'expired' }
  const units = Math.min(request.units, operation.units)
  record.held -= operation.units
  record.available += operation.units - units
  record.spent += units
  operation.state = 'captured'
  operation.forgetAtMs = nowMs + operation.rememberMs
  openAccess(record, operation, nowMs)
  if (units > 0)
    addEntry(
      record,
      { atMs: nowMs, kind: 'spend', units: -units, reference: operation.resource },
      historyLimit,
    )
  return { type: 'captured' }
}

/**
 * Ends one run of an operation. The last one of a held operation gives the units back; the last one of a captured operation
 * stays.
 */
export function release(record: AccountRecord, reference: HoldReference, nowMs: number): void {
  const operation = currentOperation(record, reference.operationId, nowMs)
  if (!operation?.runs.includes(reference.runId)) return
  if (operation.runs.length > 1) operation.runs = operation.runs.filter((run) => run !== reference.runId)
  else if (operation.state === 'held') giveBack(record, operation, nowMs)
}

/** Gives back holds that ran out, at most `limit`, and forgets what need not be known any more. */
export function releaseExpired(record: AccountRecord, nowMs: number, limit: number): number {
  let released = 0
  let earliestExpiryMs = Number.POSITIVE_INFINITY
  for (const [id, operation] of record.operations)
    if (operation.state !== 'held') {
      if (operation.forgetAtMs <= nowMs) record.operations.delete(id)
    } else if (operation.expiresAtMs <= nowMs && released < limit) {
      giveBack(record, operation, nowMs)
      released += 1
    } else earliestExpiryMs = Math.min(earliestExpiryMs, operation.expiresAtMs)
  record.earliestExpiryMs = earliestExpiryMs
  for (const [resource, bought] of record.access) {
    for (const [units, untilMs] of bought) if (untilMs <= nowMs) bought.delete(units)
    if (bought.size === 0) record.access.delete(resource)
  }
  return released
}

/** Two runs that are going on share one hold, and so one price; what was paid for before may cost less by now. */
function coversPrice({ state, units }: Operation, request: HoldRequest): boolean {
  return state === 'held' ? request.units === units : request.units <= units
}

function isAccessible(record: AccountRecord, { access, units }: HoldRequest, nowMs: number): boolean {
  const bought = access && record.access.get(access.resource)
  for (const [paid, untilMs] of bought ?? []) if (paid >= units && untilMs > nowMs) return true
  return false
}

function openAccess(record: AccountRecord, { access, units }: Operation, nowMs: number): void {
  if (!access) return
  const { resource, durationMs } = access
  const bought = record.access.get(resource) ?? new Map<number, number>()
  bought.set(units, Math.max(bought.get(units) ?? 0, nowMs + durationMs))
  record.access.set(resource, bought)
}

/** The operation as it stands at this moment: forgotten ids are gone, and a hold that ran out is released. */
function currentOperation(record: AccountRecord, id: string, nowMs: number): Operation | undefined {
  const operation = record.operations.get(id)
  if (!operation) return undefined
  if (operation.state !== 'held' && operation.forgetAtMs <= nowMs) {
    record.operations.delete(id)
    return undefined
  }
  if (operation.state === 'held' && operation.expiresAtMs <= nowMs) giveBack(record, operation, nowMs)
  return operation
}

function giveBack(record: AccountRecord, operation: Operation, nowMs: number): void {
  record.held -= operation.units
  record.available += operation.units
  operation.state = 'released'
  operation.runs = []
  operation.forgetAtMs = nowMs + operation.rememberMs
}
