import { type ClientId, isClientId, isPurchaseId } from '@stripe402/core'
import type {
  Account,
  AccountKey,
  HistoryEntry,
  HoldResult,
  Purchase,
  PurchaseStatus,
  SavedCard,
} from '../../store.js'
import { StoreUnavailableError } from '../store-error.js'
import type { Row } from './connection.js'

/** A `bigint` as drivers deliver it (text, number or BigInt), if JavaScript holds it exactly. Null is 0. */
export function readInteger(value: unknown): number {
  const number = value === null || value === undefined ? 0 : Number(value)
  if (!Number.isSafeInteger(number)) throw unexpected()
  return number
}

/** The sums of an account; all zero for one that has no row. */
export function readAccount(key: AccountKey, row: Row): Account {
  const available = readInteger(row.available)
  const disputed = readInteger(row.freezes) > 0
  return {
    clientId: key.clientId,
    currency: key.currency,
    credited: readInteger(row.credited),
    available,
    held: readInteger(row.held),
    spent: readInteger(row.spent),
    debited: readInteger(row.debited),
    frozen: disputed || available < 0,
    disputed,
  }
}

/** What came of a hold, from the columns of `hold_v1` and the name of the one that says so. */
export function readHoldResult(key: AccountKey, row: Row, outcome: unknown): HoldResult {
  const account = readAccount(key, row)
  switch (outcome) {
    case 'admitted':
      return { type: outcome, account, reason: row.reason === 'access' ? 'access' : 'replay' }
    case 'held':
    case 'insufficient':
    case 'conflict':
    case 'frozen':
    case 'unproven':
      return { type: outcome, account }
    default:
      throw unexpected()
  }
}

/** A purchase, with the time in `now`. */
export function readPurchase(row: Row): Purchase {
  const { purchase_id: purchaseId, client_id: clientId } = row
  if (typeof purchaseId !== 'string' || !isPurchaseId(purchaseId)) throw unexpected()
  if (typeof clientId !== 'string' || !isClientId(clientId)) throw unexpected()
  return {
    purchaseId,
    clientId,
    currency: readText(row.currency),
    minor: readInteger(row.minor),
    units: readInteger(row.units),
    paymentMethodId: readText(row.payment_method_id),
    customerId: row.customer_id === null ? null : readText(row.customer_id),
    keepsCard: row.keeps_card === true,
    keyThumbprint: row.key_thumbprint === null ? null : readText(row.key_thumbprint),
    wantsBankCheck: row.wants_bank_check === true,
    issuer: readText(row.issuer),
    description: readText(row.description),
    status: readStatus(row.status),
    attempt: readInteger(row.attempt),
    paymentIntentId: row.payment_intent_id === null ? null : readText(row.payment_intent_id),
    failure: readFailure(row),
    createdAtMs: readInteger(row.created_at),
    updatedAtMs: readInteger(row.updated_at),
    nowMs: readInteger(row.now),
  }
}

/** The card that is kept for a client. */
export function readCard(clientId: ClientId, row: Row): SavedCard {
  return {
    clientId,
    customerId: readText(row.customer_id),
    paymentMethodId: readText(row.payment_method_id),
    brand: readText(row.brand),
    last4: readText(row.last4),
    expMonth: readInteger(row.exp_month),
    expYear: readInteger(row.exp_year),
  }
}

/** A line of history. */
export function readEntry(row: Row): HistoryEntry {
  return {
    id: String(row.entry),
    atMs: readInteger(row.at_ms),
    kind: readKind(row.kind),
    units: readInteger(row.units),
    reference: readText(row.reference),
  }
}

/** The only row of a statement that always has one. */
export function onlyRow(rows: Row[]): Row {
  const [row] = rows
  if (!row) throw unexpected()
  return row
}

/** PostgreSQL answered something that none of our functions answers. */
export function unexpected(): StoreUnavailableError {
  return new StoreUnavailableError('PostgreSQL gave an answer that was not expected. The outcome is unknown.')
}

function readFailure({ error, decline_code: declineCode }: Row): Purchase['failure'] {
  if (error === null) return null
  return declineCode === null
    ? { error: readText(error) }
    : { error: readText(error), declineCode: readText(declineCode) }
}

/** A text. */
export function readText(value: unknown): string {
  if (typeof value !== 'string') throw unexpected()
  return value
}

function readStatus(status: unknown): PurchaseStatus {
  for (const known of ['prepared', 'intent_saved', 'requires_action', 'credited', 'failed'] as const)
    if (status === known) return known
  throw unexpected()
}

function readKind(kind: unknown): HistoryEntry['kind'] {
  for (const known of ['top_up', 'spend', 'refund', 'dispute'] as const) if (kind === known) return known
  throw unexpected()
}
