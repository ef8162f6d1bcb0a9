import { randomBytes } from 'node:crypto'
import type { ClientId, PurchaseId } from '@stripe402/core'
import type { Cluster, Redis } from 'ioredis'
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
  checkClientId,
  checkDebit,
  checkHoldReference,
  checkId,
  checkJudgedPurchase,
  checkLimit,
  checkPageSize,
  checkPurchaseReference,
  checkTime,
  checkTopUp,
  unsafeSum,
} from '../checked-input.js'
import { holdQueue } from '../hold-queue.js'
import { BlankStoreError, InvalidInputError, UnknownPurchaseError } from '../store-error.js'
import { auditShards } from './audit.js'
import { captureAll } from './capture.js'
import { creditOnce } from './credit.js'
import { bindKey, readKeys, signOut } from './device-keys.js'
import { duePurchases } from './due.js'
import { holdAll } from './hold.js'
import {
  accountKeys,
  accountName,
  operationKey,
  pointerKey,
  purchaseKey,
  RECONCILED_KEY,
  SHARDS,
  shardKeys,
  shardOf,
} from './keys.js'
import { markAll } from './mark.js'
import { prepareTopUp } from './prepare-top-up.js'
import { parseRoute } from './purchase-route.js'
import { readAccount, readHistory, readInteger, readPurchase, readReply, unexpected } from './replies.js'
import { CARD_FIELDS, cardKeyOf, forgetCard, keepCard, readCard } from './saved-card.js'
import { MOST_PER_SCRIPT } from './script-groups.js'
import {
  ask,
  type ReplicaWait,
  runReplicated,
  runScript,
  runScripts,
  type ScriptCall,
} from './script-runner.js'
import { canSpanShards, checkServers } from './server-check.js'
import { shortened } from './wish.js'

/** Settings of a {@link RedisStore}. */
export interface RedisStoreOptions {
  /** Lines of history kept per account, or up to a hundred more. Default 1000. */
  historyLimit?: number
  /**
   * After every step that records money, wait until so many replicas have it; fewer in time is an unknown outcome.
   * The connection serves nothing else while it waits, and without a replica every such step waits for as long as it
   * may: keep `timeoutMs` near 100.
   */
  waitForReplicas?: ReplicaWait
  /** Told at the start when the server may forget what it acknowledged. Default `console`. */
  logger?: { warn(message: string): void }
}

/**
 * Keeps credit in Redis, alone or as a Cluster. The caller owns the connection.
 *
 * @example
 * ```ts
 * const store = new RedisStore(new Redis(process.env.REDIS_URL))
 * ```
 */
export class RedisStore implements Store {
  readonly #redis: Redis | Cluster
  readonly #historyLimit: number
  readonly #waitForReplicas: ReplicaWait | undefined
  readonly #logger: { warn(message: string): void }
  readonly #hold: (wish: HoldRequest) => Promise<HoldResult>
  /** Whether one script may touch several shards. */
  #spansShards = false

  constructor(redis: Redis | Cluster, options: RedisStoreOptions = {}) {
    this.#redis = redis
    this.#historyLimit = options.historyLimit ?? 1000
    this.#waitForReplicas = options.waitForReplicas
    this.#logger = options.logger ?? console
    this.#hold = holdQueue((wishes) => holdAll(redis, wishes, this.#spansShards), { most: MOST_PER_SCRIPT })
  }

  async start(): Promise<StoreState> {
    await checkServers(this.#redis, (message) => this.#logger.warn(message))
    this.#spansShards = await canSpanShards(this.#redis)
    const name = randomBytes(12).toString('base64url')
    // A Cluster may lose one node's data only.
    const names = await this.#inEveryShard('start-shard', () => name)
    return names.every((one) => one === '') ? { type: 'ready' } : { type: 'blank', dataId: names.join(',') }
  }

  async isOpen(clientId: ClientId): Promise<boolean> {
    checkClientId(clientId)
    return (await ask(this.#redis.exists(shardKeys(shardOf({ clientId })).opened))) === 1
  }

  async open(dataId: string): Promise<void> {
    const names = dataId.split(',')
    const answers = await this.#inEveryShard('open-shard', (index) => names[index] ?? '')
    if (answers.some((isOpen) => isOpen !== 1)) throw new BlankStoreError()
  }

  hold(request: HoldRequest): Promise<HoldResult> {
    return this.#hold(request)
  }

  capture(captures: readonly Capture[]): Promise<CaptureResult[]> {
    return captureAll(this.#redis, captures, {
      spansShards: this.#spansShards,
      historyLimit: this.#historyLimit,
    })
  }

  async release(hold: HoldReference): Promise<void> {
    checkHoldReference(hold)
    const { operationId, runId } = hold
    const keys = [operationKey(hold, operationId)]
    await this.#run({ script: 'release', keys, args: [shortened(runId, operationId)] })
  }

  async prepareTopUp(terms: PurchaseTerms, request: HoldRequest | null): Promise<PrepareResult> {
    const wish = checkTopUp(terms, request)
    return prepareTopUp({
      terms,
      wish,
      run: (call) => this.#record(call),
    })
  }

  async saveIntent(purchase: PurchaseReference, paymentIntentId: string): Promise<Purchase> {
    checkId('paymentIntentId', paymentIntentId)
    return this.#change(purchase, 'save-intent', [], [paymentIntentId])
  }

  awaitAction(purchase: PurchaseReference): Promise<Purchase> {
    return this.#change(purchase, 'await-action', [], [])
  }

  async failTopUp(purchase: JudgedPurchase, { error, declineCode = '' }: PurchaseFailure): Promise<Purchase> {
    checkJudgedPurchase(purchase)
    checkId('error', error)
    const { purchaseId, paymentIntentId } = purchase
    const { open } = accountKeys(purchase)
    return this.#change(
      purchase,
      'fail-top-up',
      [open],
      [purchaseId, error, declineCode, paymentIntentId ?? ''],
    )
  }

  credit(credit: Credit): Promise<{ type: 'credited' | 'already_credited'; account: Account }> {
    const run = (call: ScriptCall): Promise<unknown> => this.#run(call)
    const record = (call: ScriptCall): Promise<unknown> => this.#record(call)
    return creditOnce({ run, record, historyLimit: this.#historyLimit }, credit)
  }

  async debit(debit: Debit): Promise<{ type: 'debited' | 'unchanged'; account: Account }> {
    checkDebit(debit)
    const { debitId, rank, units, freezes, reason, hold } = debit
    const { account, debits, history } = accountKeys(debit)
    const { accounts } = shardKeys(shardOf(debit))
    const reply = await this.#record({
      script: 'debit',
      keys: [account, debits, accounts, history, ...(hold ? [operationKey(debit, hold.operationId)] : [])],
      args: [
        debitId,
        rank,
        units,
        freezes ? 1 : 0,
        reason,
        accountName(debit),
        this.#historyLimit,
        ...(hold ? [shortened(hold.runId, hold.operationId)] : []),
      ],
    })
    const [type, ...sums] = readReply(reply)
    if (type === 'unsafe') throw unsafeSum('debited')
    return { type: type === 'unchanged' ? 'unchanged' : 'debited', account: readAccount(debit, sums) }
  }

  async account(key: AccountKey): Promise<Account> {
    checkAccountKey(key)
    const { account } = accountKeys(key)
    const sums = this.#redis.hmget(account, 'credited', 'available', 'held', 'spent', 'debited', 'freezes')
    return readAccount(key, await ask(sums))
  }

  async accounts(clientId: ClientId): Promise<Account[]> {
    checkClientId(clientId)
    const { accounts } = shardKeys(shardOf({ clientId }))
    const rows = await this.#run({ script: 'accounts', keys: [accounts], args: [clientId] })
    if (!Array.isArray(rows)) throw unexpected()
    return rows.map((row) => {
      const [currency, ...sums] = readReply(row)
      return readAccount({ clientId, currency: String(currency) }, sums)
    })
  }

  async payments(key: AccountKey): Promise<string[]> {
    checkAccountKey(key)
    return ask(this.#redis.smembers(accountKeys(key).payments))
  }

  async purchase(purchaseId: PurchaseId): Promise<Purchase | null> {
    const pointer = await ask(this.#redis.get(pointerKey(purchaseId)))
    if (pointer === null) return null
    const keys = [purchaseKey(parseRoute(pointer), purchaseId)]
    const [type, ...fields] = readReply(await this.#run({ script: 'read-purchase', keys, args: [] }))
    return type === 'purchase' ? readPurchase(fields) : null
  }

  async history(
    key: AccountKey,
    page: { limit: number; before?: string | undefined },
  ): Promise<HistoryEntry[]> {
    checkAccountKey(key)
    if (page.before !== undefined && !/^\d{1,16}-\d{1,16}$/.test(page.before))
      throw new InvalidInputError('before must be the id of an entry.')
    const count = Math.min(checkPageSize(page.limit), this.#historyLimit)
    const newest = page.before === undefined ? '+' : `(${page.before}`
    const { history } = accountKeys(key)
    return readHistory(await ask(this.#redis.xrevrange(history, newest, '-', 'COUNT', count)))
  }

  due(query: DueQuery): Promise<Purchase[]> {
    return duePurchases(this.#redis, query)
  }

  async releaseExpired(limit: number): Promise<number> {
    checkLimit(limit)
    const call = (script: ScriptCall['script'], shard: string, args: number[]): ScriptCall => {
      return { script, keys: [shardKeys(shard).holds], args }
    }
    const expired = await runScripts(
      this.#redis,
      SHARDS.map((shard) => call('expired-holds', shard, [])),
    )
    let left = limit
    const calls: ScriptCall[] = []
    for (const [index, shard] of SHARDS.entries()) {
      const count = Math.min(left, readInteger(expired[index]))
      if (count > 0) calls.push(call('release-expired', shard, [count]))
      left -= count
    }
    const released = await runScripts(this.#redis, calls)
    return released.reduce<number>((sum, count) => sum + readInteger(count), 0)
  }

  bindKey(key: AccountKey, thumbprint: string): Promise<number> {
    return bindKey((call) => this.#record(call), key, thumbprint)
  }

  keys(key: AccountKey): Promise<AccountKeys> {
    return readKeys((call) => this.#run(call), key)
  }

  signOut(key: AccountKey): Promise<void> {
    return signOut((call) => this.#record(call), key)
  }

  keepCard(card: SavedCard): Promise<void> {
    return keepCard((call) => this.#record(call), card)
  }

  async savedCard(clientId: ClientId): Promise<SavedCard | null> {
    return readCard(clientId, await ask(this.#redis.hmget(cardKeyOf(clientId), ...CARD_FIELDS)))
  }

  forgetCard(card: Pick<SavedCard, 'clientId' | 'paymentMethodId'>): Promise<void> {
    return forgetCard((call) => this.#record(call), card)
  }

  mark(marks: readonly Mark[]): Promise<MarkResult[]> {
    return markAll(this.#redis, marks)
  }

  audit(visit?: (account: AuditedAccount) => void): Promise<AuditReport> {
    return auditShards(this.#redis, visit)
  }

  async reconciledAt(): Promise<number | null> {
    const at = await ask(this.#redis.get(RECONCILED_KEY))
    return at === null ? null : readInteger(at)
  }

  async markReconciled(atMs: number): Promise<void> {
    checkTime(atMs)
    await this.#record({ script: 'mark-reconciled', keys: [RECONCILED_KEY], args: [atMs] })
  }

  #inEveryShard(script: 'start-shard' | 'open-shard', nameOf: (index: number) => string): Promise<unknown[]> {
    const calls = SHARDS.map((shard, index): ScriptCall => {
      const { opened, blank } = shardKeys(shard)
      return { script, keys: [opened, blank], args: [nameOf(index)] }
    })
    return runScripts(this.#redis, calls)
  }

  #run(call: ScriptCall): Promise<unknown> {
    return runScript(this.#redis, call)
  }

  /** Runs a step that records money. */
  #record(call: ScriptCall): Promise<unknown> {
    return this.#waitForReplicas ? runReplicated(this.#redis, call, this.#waitForReplicas) : this.#run(call)
  }

  async #change(
    purchase: PurchaseReference,
    script: 'save-intent' | 'await-action' | 'fail-top-up',
    keys: string[],
    args: string[],
  ): Promise<Purchase> {
    checkPurchaseReference(purchase)
    const { purchaseId, attempt } = purchase
    const { due } = shardKeys(shardOf(purchase))
    const reply = await this.#record({
      script,
      keys: [purchaseKey(purchase, purchaseId), due, ...keys],
      args: [attempt, `${accountName(purchase)}:${purchaseId}`, ...args],
    })
    const [type, ...fields] = readReply(reply)
    if (type === 'purchase') return readPurchase(fields)
    const current = await this.purchase(purchaseId)
    if (current === null) throw new UnknownPurchaseError(purchaseId)
    return current
  }
}
