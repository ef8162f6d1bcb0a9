import { randomUUID } from 'node:crypto'
import type { ClientId, PurchaseId } from '@stripe402/core'
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
} from '../store.js'
import { auditAccount, beginAudit } from './audit-rules.js'
import {
  checkAccountKey,
  checkCapture,
  checkCard,
  checkCardReference,
  checkClientId,
  checkCredit,
  checkDebit,
  checkDue,
  checkHold,
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
} from './checked-input.js'
import {
  type AccountRecord,
  accountOf,
  addEntry,
  changeAvailable,
  emptyRecord,
  newestEntries,
} from './memory/account-record.js'
import { CardBook } from './memory/card-book.js'
import { Marks } from './memory/marks.js'
import { PurchaseBook } from './memory/purchase-book.js'
import { capture, hold, release, releaseExpired } from './memory/spending.js'
import { BlankStoreError } from './store-error.js'

/** Settings of a {@link MemoryStore}. */
export interface MemoryStoreOptions {
  /** Epoch milliseconds. Default `Date.now`. */
  clock?: () => number
  /** Lines of history kept per account. Default 1000. */
  historyLimit?: number
}

/**
 * Keeps credit in this process, for tests and a first look: a restart forgets it.
 *
 * @example
 * ```ts
 * const store = new MemoryStore()
 * ```
 */
export class MemoryStore implements Store {
  readonly #clock: () => number
  readonly #historyLimit: number
  #records = new Map<string, AccountRecord>()
  #purchases = new PurchaseBook()
  #cards = new CardBook()
  #marks = new Marks()
  /** The name of data that nobody declared complete. */
  #blankId: string | null = null
  #reconciledAt: number | null = null

  constructor({ clock = Date.now, historyLimit = 1000 }: MemoryStoreOptions = {}) {
    this.#clock = clock
    this.#historyLimit = historyLimit
  }

  /** `ready`, unless it was wiped: that a restart forgets everything is known. */
  async start(): Promise<StoreState> {
    return this.#blankId === null ? { type: 'ready' } : { type: 'blank', dataId: this.#blankId }
  }

  async isOpen(clientId: ClientId): Promise<boolean> {
    checkClientId(clientId)
    return this.#blankId === null
  }

  async open(dataId: string): Promise<void> {
    if (this.#blankId !== null && this.#blankId !== dataId) throw new BlankStoreError()
    this.#blankId = null
  }

  /** Loses everything, as a server does that loses its disk: until `open` is called it sells nothing. */
  wipe(): void {
    this.#records = new Map()
    this.#purchases = new PurchaseBook()
    this.#cards = new CardBook()
    this.#marks = new Marks()
    this.#blankId = randomUUID()
    this.#reconciledAt = null
  }

  async hold(request: HoldRequest): Promise<HoldResult> {
    const checked = checkHold(request)
    const result = hold(this.#read(checked), checked, this.#clock())
    if ((result.type === 'insufficient' || result.type === 'unproven') && this.#blankId !== null)
      throw new BlankStoreError()
    return result
  }

  async capture(captures: readonly Capture[]): Promise<CaptureResult[]> {
    for (const one of captures) checkCapture(one)
    return captures.map((one) => capture(this.#read(one), one, this.#clock(), this.#historyLimit))
  }

  async release(reference: HoldReference): Promise<void> {
    checkHoldReference(reference)
    release(this.#read(reference), reference, this.#clock())
  }

  async prepareTopUp(terms: PurchaseTerms, request: HoldRequest | null): Promise<PrepareResult> {
    const wish = checkTopUp(terms, request)
    const held = wish && hold(this.#read(wish), wish, this.#clock())
    if (held?.type === 'held' || held?.type === 'admitted') return { type: 'sufficient', hold: held }
    if (held?.type === 'conflict') return held
    if (this.#blankId !== null) throw new BlankStoreError()
    return this.#purchases.prepare(terms, this.#clock())
  }

  async saveIntent(purchase: PurchaseReference, paymentIntentId: string): Promise<Purchase> {
    checkPurchaseReference(purchase)
    checkId('paymentIntentId', paymentIntentId)
    return this.#purchases.saveIntent(purchase, paymentIntentId, this.#clock())
  }

  async awaitAction(purchase: PurchaseReference): Promise<Purchase> {
    checkPurchaseReference(purchase)
    return this.#purchases.awaitAction(purchase, this.#clock())
  }

  async failTopUp(purchase: JudgedPurchase, failure: PurchaseFailure): Promise<Purchase> {
    checkJudgedPurchase(purchase)
    return this.#purchases.fail(purchase, failure, this.#clock())
  }

  async credit(credit: Credit): Promise<{ type: 'credited' | 'already_credited'; account: Account }> {
    checkCredit(credit)
    const record = this.#read(credit)
    const isKnown = record.paymentIntents.has(credit.paymentIntentId)
    if (!isKnown) {
      changeAvailable(record, 'credited', credit.units)
      this.#records.set(nameOf(credit), record)
      record.paymentIntents.add(credit.paymentIntentId)
      const { units, paymentIntentId: reference } = credit
      this.#addEntry(record, { kind: 'top_up', units, reference })
    }
    // Also for a known payment: an earlier call may not have known which purchase it was for.
    this.#purchases.close(credit, this.#clock())
    return { type: isKnown ? 'already_credited' : 'credited', account: accountOf(record) }
  }

  async debit(debit: Debit): Promise<{ type: 'debited' | 'unchanged'; account: Account }> {
    checkDebit(debit)
    const record = this.#read(debit)
    const known = record.debits.get(debit.debitId)
    const isNews = known === undefined || known.rank < debit.rank
    if (isNews) this.#enterDebit(record, debit, known?.units ?? 0)
    if (debit.hold) release(record, { ...debit, ...debit.hold }, this.#clock())
    return { type: isNews ? 'debited' : 'unchanged', account: accountOf(record) }
  }

  async account(key: AccountKey): Promise<Account> {
    checkAccountKey(key)
    return accountOf(this.#read(key))
  }

  async accounts(clientId: ClientId): Promise<Account[]> {
    return [...this.#records.values()]
      .filter((record) => record.key.clientId === clientId)
      .map(accountOf)
      .sort((one, other) => (one.currency < other.currency ? -1 : 1))
  }

  async payments(key: AccountKey): Promise<string[]> {
    checkAccountKey(key)
    return [...this.#read(key).paymentIntents]
  }

  async purchase(purchaseId: PurchaseId): Promise<Purchase | null> {
    return this.#purchases.get(purchaseId, this.#clock())
  }

  async history(
    key: AccountKey,
    page: { limit: number; before?: string | undefined },
  ): Promise<HistoryEntry[]> {
    checkAccountKey(key)
    const history = newestEntries(this.#read(key), this.#historyLimit)
    const before = Number(page.before ?? Number.POSITIVE_INFINITY)
    const entries = history.filter((entry) => Number(entry.id) < before)
    return entries.slice(0, checkPageSize(page.limit)).map((entry) => ({ ...entry }))
  }

  async due(query: DueQuery): Promise<Purchase[]> {
    checkDue(query)
    return this.#purchases.due(query, this.#clock())
  }

  async releaseExpired(limit: number): Promise<number> {
    checkLimit(limit)
    let released = 0
    for (const record of this.#records.values())
      released += releaseExpired(record, this.#clock(), limit - released)
    return released
  }

  async reconciledAt(): Promise<number | null> {
    return this.#reconciledAt
  }

  async markReconciled(atMs: number): Promise<void> {
    checkTime(atMs)
    this.#reconciledAt = Math.max(this.#reconciledAt ?? 0, atMs)
  }

  async bindKey(key: AccountKey, thumbprint: string): Promise<number> {
    checkKey(key, thumbprint)
    const record = this.#write(key)
    record.era = Math.max(record.era, 1)
    record.thumbprints = [...record.thumbprints.filter((known) => known !== thumbprint), thumbprint]
    record.thumbprints = record.thumbprints.slice(-MOST_KEYS)
    return record.era
  }

  async keys(key: AccountKey): Promise<AccountKeys> {
    checkAccountKey(key)
    const { era, thumbprints } = this.#read(key)
    return { era, thumbprints: [...thumbprints] }
  }

  async signOut(key: AccountKey): Promise<void> {
    checkAccountKey(key)
    const record = this.#write(key)
    record.era += 1
    record.thumbprints = []
  }

  async keepCard(card: SavedCard): Promise<void> {
    checkCard(card)
    this.#cards.keep(card)
  }

  async savedCard(clientId: ClientId): Promise<SavedCard | null> {
    checkClientId(clientId)
    return this.#cards.get(clientId)
  }

  async forgetCard(card: Pick<SavedCard, 'clientId' | 'paymentMethodId'>): Promise<void> {
    checkCardReference(card)
    this.#cards.forget(card)
  }

  async mark(marks: readonly Mark[]): Promise<MarkResult[]> {
    for (const one of marks) checkMark(one)
    return marks.map((one) => this.#marks.make(one, this.#clock()))
  }

  async audit(visit?: (account: AuditedAccount) => void): Promise<AuditReport> {
    const audit = beginAudit(visit)
    for (const record of this.#records.values())
      auditAccount(audit, {
        ...accountOf(record),
        heldByOperations: heldIn(record),
        overdueMs: overdueIn(record, this.#clock()),
        openPurchases: this.#purchases.openOf(record.key).length,
      })
    return audit.report
  }

  #enterDebit(record: AccountRecord, debit: Debit, knownUnits: number): void {
    const { debitId, rank, units, freezes, reason } = debit
    const change = units - knownUnits
    changeAvailable(record, 'debited', change)
    this.#records.set(nameOf(debit), record)
    record.debits.set(debitId, { rank, units, freezes })
    if (change !== 0) this.#addEntry(record, { kind: reason, units: -change, reference: debitId })
  }

  #addEntry(record: AccountRecord, entry: Omit<HistoryEntry, 'id' | 'atMs'>): void {
    addEntry(record, { atMs: this.#clock(), ...entry }, this.#historyLimit)
  }

  /** An account to change, kept from here on. */
  #write(key: AccountKey): AccountRecord {
    const record = this.#read(key)
    this.#records.set(nameOf(key), record)
    return record
  }

  /** An account to look at; an unknown one is empty and not kept, so that asking costs no memory. */
  #read(key: AccountKey): AccountRecord {
    return this.#records.get(nameOf(key)) ?? emptyRecord(key)
  }
}

function nameOf(key: AccountKey): string {
  return `${key.clientId}:${key.currency}`
}

function overdueIn({ operations }: AccountRecord, nowMs: number): number {
  let overdueMs = 0
  for (const { state, expiresAtMs } of operations.values())
    if (state === 'held') overdueMs = Math.max(overdueMs, nowMs - expiresAtMs)
  return overdueMs
}

function heldIn({ operations }: AccountRecord): number {
  let held = 0
  for (const { state, units } of operations.values()) if (state === 'held') held += units
  return held
}
