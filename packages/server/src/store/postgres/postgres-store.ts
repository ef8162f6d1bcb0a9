import type { ClientId, PurchaseId } from '@stripe402/core'
import { ConfigurationError } from '../../configuration-error.js'
import type {
  Account,
  AccountKey,
  AccountKeys,
  AuditedAccount,
  AuditReport,
  Capture,
  CaptureResult,
  Credit,
  Debit,
  DueQuery,
  HistoryEntry,
  HoldReference,
  HoldRequest,
  HoldResult,
  JudgedPurchase,
  Mark,
  MarkResult,
  PrepareResult,
  Purchase,
  PurchaseFailure,
  PurchaseReference,
  PurchaseTerms,
  SavedCard,
  Store,
  StoreState,
} from '../../store.js'
import {
  checkAccountKey,
  checkCapture,
  checkCard,
  checkCardReference,
  checkClientId,
  checkCredit,
  checkDebit,
  checkDue,
  checkHoldReference,
  checkId,
  checkJudgedPurchase,
  checkKey,
  checkLimit,
  checkMark,
  checkPageSize,
  checkPurchaseReference,
  checkTime,
  checkTopUp,
  MOST_KEYS,
} from '../checked-input.js'
import { holdQueue } from '../hold-queue.js'
import { termsOfCredit } from '../purchase-of-credit.js'
import { BlankStoreError, InvalidInputError, UnknownPurchaseError } from '../store-error.js'
import { auditPages } from './audit.js'
import type { PostgresConnection, Row } from './connection.js'
import { FORGOTTEN_AT_ONCE, forgetRest } from './forget.js'
import { holdAll, MOST_PER_TRANSACTION, wishValues } from './hold.js'
import { migrate } from './migrate.js'
import { type Queries, queriesFor } from './queries.js'
import {
  onlyRow,
  readAccount,
  readCard,
  readEntry,
  readHoldResult,
  readInteger,
  readPurchase,
  readText,
  unexpected,
} from './rows.js'
import { runStatement } from './statement.js'

/** Settings of a {@link PostgresStore}. */
export interface PostgresStoreOptions {
  /** Where tables and functions live. Default `stripe402`. */
  schema?: string
  /** Lines of history kept per account. Default 1000. */
  historyLimit?: number
  /** Spreads repeated tries after a deadlock. Default `Math.random`. */
  random?: () => number
}

/** Transactions of holds under way at most: their locks meet, and the pool has others to serve. */
const HOLDS_AT_ONCE = 4

/**
 * Keeps credit in PostgreSQL (12 or later) or PGlite. The caller owns the pool.
 *
 * @example
 * ```ts
 * const store = new PostgresStore(new Pool({ connectionString: process.env.DATABASE_URL }))
 * ```
 */
export class PostgresStore implements Store {
  readonly #connection: PostgresConnection
  readonly #schema: string
  readonly #historyLimit: number
  readonly #random: () => number
  readonly #queries: Queries
  readonly #hold: (wish: HoldRequest) => Promise<HoldResult>

  constructor(connection: PostgresConnection, options: PostgresStoreOptions = {}) {
    const { schema = 'stripe402', historyLimit = 1000, random = Math.random } = options
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema))
      throw new ConfigurationError('schema', 'must be a lower-case name of letters, digits and underscores.')
    this.#connection = connection
    this.#schema = schema
    this.#historyLimit = historyLimit
    this.#random = random
    this.#queries = queriesFor(schema)
    this.#hold = holdQueue((wishes) => holdAll((list) => this.#run('hold', [list]), wishes), {
      most: MOST_PER_TRANSACTION,
      atOnce: HOLDS_AT_ONCE,
    })
  }

  async start(): Promise<StoreState> {
    await migrate(this.#connection, this.#schema)
    const [row] = await this.#run('start', [])
    return typeof row?.data_id === 'string' ? { type: 'blank', dataId: row.data_id } : { type: 'ready' }
  }

  async isOpen(clientId: ClientId): Promise<boolean> {
    checkClientId(clientId)
    return (await this.#run('isOpen', [])).length > 0
  }

  async open(dataId: string): Promise<void> {
    const [row] = await this.#run('open', [dataId])
    if (row?.is_open !== true) throw new BlankStoreError()
  }

  /** What code written for the original stripe402 calls before the first use. */
  async createTables(): Promise<void> {
    await this.start()
  }

  hold(request: HoldRequest): Promise<HoldResult> {
    return this.#hold(request)
  }

  async capture(captures: readonly Capture[]): Promise<CaptureResult[]> {
    for (const capture of captures) checkCapture(capture)
    if (captures.length === 0) return []
    const list = captures.map(({ clientId, currency, operationId, runId, units }) => {
      return [clientId, currency, operationId, runId, units]
    })
    const rows = await this.#run('capture', [JSON.stringify(list), this.#historyLimit])
    if (rows.length !== captures.length) throw unexpected()
    return rows.map(({ outcome }) => ({ type: oneOf(outcome, ['captured', 'already_captured', 'expired']) }))
  }

  async release(hold: HoldReference): Promise<void> {
    checkHoldReference(hold)
    await this.#run('release', [hold.clientId, hold.currency, hold.operationId, hold.runId])
  }

  async prepareTopUp(terms: PurchaseTerms, request: HoldRequest | null): Promise<PrepareResult> {
    const wish = checkTopUp(terms, request)
    const {
      purchaseId,
      minor,
      units,
      paymentMethodId,
      customerId,
      keepsCard,
      keyThumbprint,
      wantsBankCheck,
      issuer,
      description,
    } = terms
    const charge = [
      purchaseId,
      minor,
      units,
      paymentMethodId,
      customerId,
      keepsCard,
      keyThumbprint,
      wantsBankCheck,
      issuer,
      description,
    ]
    const values = [terms.clientId, terms.currency, ...wishValues(wish), ...charge, wish?.era ?? null]
    const row = onlyRow(await this.#run('prepareTopUp', values))
    if (row.outcome === 'sufficient') {
      const hold = readHoldResult(terms, row, row.hold_outcome)
      if (hold.type !== 'held' && hold.type !== 'admitted') throw unexpected()
      return { type: 'sufficient', hold }
    }
    if (row.outcome === 'conflict') return { type: 'conflict', account: readAccount(terms, row) }
    return { type: oneOf(row.outcome, ['existing', 'busy', 'prepared']), purchase: readPurchase(row) }
  }

  async saveIntent(purchase: PurchaseReference, paymentIntentId: string): Promise<Purchase> {
    checkId('paymentIntentId', paymentIntentId)
    return this.#change('saveIntent', purchase, [paymentIntentId])
  }

  awaitAction(purchase: PurchaseReference): Promise<Purchase> {
    return this.#change('awaitAction', purchase, [])
  }

  async failTopUp(purchase: JudgedPurchase, { error, declineCode }: PurchaseFailure): Promise<Purchase> {
    checkJudgedPurchase(purchase)
    checkId('error', error)
    return this.#change('failTopUp', purchase, [error, declineCode || null, purchase.paymentIntentId])
  }

  async credit(credit: Credit): Promise<{ type: 'credited' | 'already_credited'; account: Account }> {
    checkCredit(credit)
    const { clientId, currency, paymentIntentId, units, purchaseId } = credit
    const { minor } = termsOfCredit(credit)
    const values = [clientId, currency, paymentIntentId, units, purchaseId, this.#historyLimit, minor]
    const row = onlyRow(await this.#run('credit', values))
    return { type: oneOf(row.outcome, ['credited', 'already_credited']), account: readAccount(credit, row) }
  }

  async debit(debit: Debit): Promise<{ type: 'debited' | 'unchanged'; account: Account }> {
    checkDebit(debit)
    const { clientId, currency, debitId, rank, units, freezes, reason, hold } = debit
    const values = [clientId, currency, debitId, rank, units, freezes, reason, this.#historyLimit]
    const row = onlyRow(await this.#run('debit', [...values, hold?.operationId ?? null, hold?.runId ?? null]))
    return { type: oneOf(row.outcome, ['debited', 'unchanged']), account: readAccount(debit, row) }
  }

  async account(key: AccountKey): Promise<Account> {
    checkAccountKey(key)
    const [row] = await this.#run('account', [key.clientId, key.currency])
    return readAccount(key, row ?? {})
  }

  async accounts(clientId: ClientId): Promise<Account[]> {
    checkClientId(clientId)
    const rows = await this.#run('accounts', [clientId])
    return rows.map((row) => readAccount({ clientId, currency: readText(row.currency) }, row))
  }

  async payments(key: AccountKey): Promise<string[]> {
    checkAccountKey(key)
    const rows = await this.#run('payments', [key.clientId, key.currency])
    return rows.map((row) => readText(row.payment_intent_id))
  }

  async purchase(purchaseId: PurchaseId): Promise<Purchase | null> {
    const [row] = await this.#run('purchase', [purchaseId])
    return row ? readPurchase(row) : null
  }

  async history(
    key: AccountKey,
    page: { limit: number; before?: string | undefined },
  ): Promise<HistoryEntry[]> {
    checkAccountKey(key)
    if (page.before !== undefined && !/^\d{1,16}$/.test(page.before))
      throw new InvalidInputError('before must be the id of an entry.')
    const values = [key.clientId, key.currency, checkPageSize(page.limit), page.before ?? null]
    return (await this.#run('history', values)).map(readEntry)
  }

  async due(query: DueQuery): Promise<Purchase[]> {
    checkDue(query)
    const { idleMs, limit, after } = query
    const rows = await this.#run('due', [
      idleMs,
      limit,
      after?.updatedAtMs ?? null,
      after?.purchaseId ?? null,
    ])
    return rows.map(readPurchase)
  }

  async releaseExpired(limit: number): Promise<number> {
    checkLimit(limit)
    const { released, forgotten } = onlyRow(await this.#run('releaseExpired', [limit, FORGOTTEN_AT_ONCE]))
    await forgetRest(readInteger(forgotten), (values) => this.#run('forget', values))
    return readInteger(released)
  }

  async reconciledAt(): Promise<number | null> {
    const [row] = await this.#run('reconciledAt', [])
    return row ? readInteger(row.reconciled_at) : null
  }

  async markReconciled(atMs: number): Promise<void> {
    checkTime(atMs)
    await this.#run('markReconciled', [atMs])
  }

  async bindKey(key: AccountKey, thumbprint: string): Promise<number> {
    checkKey(key, thumbprint)
    const values = [key.clientId, key.currency, thumbprint, MOST_KEYS]
    return readInteger(onlyRow(await this.#run('bindKey', values)).era)
  }

  async keys(key: AccountKey): Promise<AccountKeys> {
    checkAccountKey(key)
    const [row] = await this.#run('keys', [key.clientId, key.currency])
    const { era = 0, thumbprints = [] } = row ?? {}
    if (!Array.isArray(thumbprints)) throw unexpected()
    return { era: readInteger(era), thumbprints: thumbprints.map(String) }
  }

  async signOut(key: AccountKey): Promise<void> {
    checkAccountKey(key)
    await this.#run('signOut', [key.clientId, key.currency])
  }

  async keepCard(card: SavedCard): Promise<void> {
    checkCard(card)
    const { clientId, paymentMethodId, customerId, brand, last4, expMonth, expYear } = card
    await this.#run('keepCard', [clientId, paymentMethodId, customerId, brand, last4, expMonth, expYear])
  }

  async savedCard(clientId: ClientId): Promise<SavedCard | null> {
    checkClientId(clientId)
    const [row] = await this.#run('savedCard', [clientId])
    return row ? readCard(clientId, row) : null
  }

  async forgetCard(card: Pick<SavedCard, 'clientId' | 'paymentMethodId'>): Promise<void> {
    checkCardReference(card)
    await this.#run('forgetCard', [card.clientId, card.paymentMethodId])
  }

  async mark(marks: readonly Mark[]): Promise<MarkResult[]> {
    for (const one of marks) checkMark(one)
    const list = marks.map(({ name, member, windowMs, most }) => [name, member, windowMs, most])
    const rows = await this.#run('mark', [JSON.stringify(list)])
    if (rows.length !== marks.length) throw unexpected()
    return rows.map((row) => ({
      isMade: row.is_made === true,
      count: readInteger(row.total),
      freeInMs: readInteger(row.free_in),
    }))
  }

  audit(visit?: (account: AuditedAccount) => void): Promise<AuditReport> {
    return auditPages((values) => this.#run('audit', values), visit)
  }

  #run(query: keyof Queries, values: unknown[]): Promise<Row[]> {
    return runStatement({ connection: this.#connection, random: this.#random }, this.#queries[query], values)
  }

  async #change(
    query: 'saveIntent' | 'awaitAction' | 'failTopUp',
    purchase: PurchaseReference,
    values: unknown[],
  ): Promise<Purchase> {
    checkPurchaseReference(purchase)
    const [row] = await this.#run(query, [purchase.purchaseId, purchase.attempt, ...values])
    if (!row) throw new UnknownPurchaseError(purchase.purchaseId)
    return readPurchase(row)
  }
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value)
  if (found === undefined) throw unexpected()
  return found
}
