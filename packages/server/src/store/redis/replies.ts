import { isClientId, isPurchaseId } from '@stripe402/core'
import type { Account, AccountKey, HistoryEntry, HoldResult, Purchase, PurchaseStatus } from '../../store.js'
import { BlankStoreError, StoreUnavailableError } from '../store-error.js'

/** What a script answers: texts, nulls and counts, the first of which says what it is. */
export type Reply = readonly (string | number | null)[]

/** A list of texts, numbers and nulls. */
export function readReply(reply: unknown): Reply {
  if (!Array.isArray(reply)) throw unexpected()
  return reply.map((part: unknown) => {
    if (typeof part === 'string' || typeof part === 'number' || part === null) return part
    throw unexpected()
  })
}

/** An integer that JavaScript holds exactly. Null, of a field that does not exist, is 0. */
export function readInteger(value: unknown): number {
  const number = value === null || value === undefined ? 0 : Number(value)
  if (!Number.isSafeInteger(number)) throw unexpected()
  return number
}

/** Six sums of an account, from one place of a reply on. */
export function readAccount({ clientId, currency }: AccountKey, reply: Reply, from = 0): Account {
  const available = readInteger(reply[from + 1])
  const disputed = readInteger(reply[from + 5]) > 0
  return {
    clientId,
    currency,
    credited: readInteger(reply[from]),
    available,
    held: readInteger(reply[from + 2]),
    spent: readInteger(reply[from + 3]),
    debited: readInteger(reply[from + 4]),
    frozen: disputed || available < 0,
    disputed,
  }
}

/** `{type, reason, sums…}`. */
export function readHoldResult(key: AccountKey, reply: Reply): HoldResult {
  const account = readAccount(key, reply, 2)
  const [type, reason] = reply
  switch (type) {
    case 'admitted':
      return { type, account, reason: reason === 'access' ? 'access' : 'replay' }
    case 'held':
    case 'insufficient':
    case 'conflict':
    case 'frozen':
    case 'unproven':
      return { type, account }
    case 'blank':
      throw new BlankStoreError()
    default:
      throw unexpected()
  }
}

/** Nineteen fields of a purchase and the time. */
export function readPurchase(fields: Reply): Purchase {
  const texts = fields.map((field) => String(field ?? ''))
  const [id = '', clientId = '', currency = '', , , paymentMethodId = '', status = '', , intent = ''] = texts
  const [error = '', declineCode = ''] = texts.slice(9)
  if (!isPurchaseId(id) || !isClientId(clientId)) throw unexpected()
  return {
    purchaseId: id,
    clientId,
    currency,
    minor: readInteger(fields[3]),
    units: readInteger(fields[4]),
    paymentMethodId,
    // A purchase of an older version has none of the six.
    customerId: texts[13] || null,
    keepsCard: texts[14] === '1',
    keyThumbprint: texts[15] || null,
    wantsBankCheck: texts[16] === '1',
    issuer: texts[17] ?? '',
    description: texts[18] ?? '',
    status: readStatus(status),
    attempt: readInteger(fields[7]),
    paymentIntentId: intent || null,
    failure: error === '' ? null : declineCode === '' ? { error } : { error, declineCode },
    createdAtMs: readInteger(fields[11]),
    updatedAtMs: readInteger(fields[12]),
    nowMs: readInteger(fields[19]),
  }
}

/** Entries of the history stream, whose ids begin with the time. */
export function readHistory(entries: readonly [id: string, fields: string[]][]): HistoryEntry[] {
  return entries.map(([id, fields]) => {
    const [, kind, , units, , reference = ''] = fields
    return {
      id,
      atMs: readInteger(id.split('-')[0]),
      kind: readKind(kind),
      units: readInteger(units),
      reference,
    }
  })
}

/** Redis answered something that none of our scripts answers. */
export function unexpected(): StoreUnavailableError {
  return new StoreUnavailableError('Redis gave an answer that was not expected. The outcome is unknown.')
}

function readStatus(status: string): PurchaseStatus {
  // Failed in this account, and on its way to the next one.
  if (status === 'moved') return 'failed'
  for (const known of ['prepared', 'intent_saved', 'requires_action', 'credited', 'failed'] as const)
    if (status === known) return known
  throw unexpected()
}

function readKind(kind: string | undefined): HistoryEntry['kind'] {
  for (const known of ['top_up', 'spend', 'refund', 'dispute'] as const) if (kind === known) return known
  throw unexpected()
}
