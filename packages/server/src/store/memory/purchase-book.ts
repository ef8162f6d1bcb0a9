import type { PurchaseId } from '@stripe402/core'
import type {
  AccountKey,
  Credit,
  DueQuery,
  JudgedPurchase,
  PrepareResult,
  Purchase,
  PurchaseFailure,
  PurchaseReference,
  PurchaseStatus,
  PurchaseTerms,
} from '../../store.js'
import { termsOfCredit } from '../purchase-of-credit.js'
import { UnknownPurchaseError } from '../store-error.js'

type StoredPurchase = Omit<Purchase, 'nowMs'>

const OPEN: ReadonlySet<PurchaseStatus> = new Set(['prepared', 'intent_saved', 'requires_action'])

/** The top-ups of the memory store. */
export class PurchaseBook {
  readonly #purchases = new Map<PurchaseId, StoredPurchase>()

  /** Opens a top-up, or says what stands in the way. */
  prepare(terms: PurchaseTerms, nowMs: number): Exclude<PrepareResult, { type: 'sufficient' | 'conflict' }> {
    const known = this.#purchases.get(terms.purchaseId)
    const canRetry = known?.status === 'failed' && known.paymentMethodId !== terms.paymentMethodId
    if (known && !canRetry) return { type: 'existing', purchase: { ...known, nowMs } }
    const open = this.openOf(terms)[0]
    if (open) return { type: 'busy', purchase: { ...open, nowMs } }
    const {
      clientId,
      currency,
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
    const purchase: StoredPurchase = {
      clientId,
      currency,
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
      status: 'prepared',
      attempt: (known?.attempt ?? 0) + 1,
      paymentIntentId: null,
      failure: null,
      createdAtMs: known?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
    }
    this.#purchases.set(purchaseId, purchase)
    return { type: 'prepared', purchase: { ...purchase, nowMs } }
  }

  saveIntent(reference: PurchaseReference, paymentIntentId: string, nowMs: number): Purchase {
    return this.#change(reference, nowMs, (purchase) => {
      if (purchase.paymentIntentId !== null) return null
      return { paymentIntentId, ...(purchase.status === 'prepared' && { status: 'intent_saved' }) }
    })
  }

  awaitAction(reference: PurchaseReference, nowMs: number): Purchase {
    return this.#change(reference, nowMs, (purchase) =>
      purchase.status === 'requires_action' ? null : { status: 'requires_action' },
    )
  }

  fail(judged: JudgedPurchase, failure: PurchaseFailure, nowMs: number): Purchase {
    return this.#change(judged, nowMs, ({ paymentIntentId }) =>
      paymentIntentId === judged.paymentIntentId ? { status: 'failed', failure: { ...failure } } : null,
    )
  }

  /**
   * Closes the purchase that this money was for, unless its current attempt is about another PaymentIntent. One that is not
   * known is remembered as paid, so that it is not paid again.
   */
  close(credit: Credit, nowMs: number): void {
    const { purchaseId } = credit
    if (purchaseId === null) return
    const purchase = this.#purchases.get(purchaseId)
    if (!purchase) {
      const status = 'credited' as const
      const { paymentIntentId } = credit
      const since = { attempt: 1, failure: null, createdAtMs: nowMs, updatedAtMs: nowMs }
      this.#purchases.set(purchaseId, {
        ...termsOfCredit(credit),
        purchaseId,
        status,
        paymentIntentId,
        ...since,
      })
      return
    }
    if (purchase.status === 'credited' || !isSameAccount(purchase, credit)) return
    if (purchase.paymentIntentId !== null && purchase.paymentIntentId !== credit.paymentIntentId) return
    purchase.status = 'credited'
    purchase.paymentIntentId = credit.paymentIntentId
    purchase.failure = null
    purchase.updatedAtMs = nowMs
  }

  get(purchaseId: PurchaseId, nowMs: number): Purchase | null {
    const purchase = this.#purchases.get(purchaseId)
    return purchase ? { ...purchase, nowMs } : null
  }

  /** Open purchases that are idle, oldest change first. */
  due({ idleMs, limit, after }: DueQuery, nowMs: number): Purchase[] {
    return [...this.#purchases.values()]
      .filter(({ status, updatedAtMs }) => OPEN.has(status) && nowMs - updatedAtMs > idleMs)
      .filter((purchase) => !after || byChange(purchase, after) > 0)
      .sort(byChange)
      .slice(0, limit)
      .map((purchase) => ({ ...purchase, nowMs }))
  }

  /** Open purchases of one account: one at most, unless something is wrong. */
  openOf(key: AccountKey): StoredPurchase[] {
    const open: StoredPurchase[] = []
    for (const purchase of this.#purchases.values())
      if (OPEN.has(purchase.status) && isSameAccount(purchase, key)) open.push(purchase)
    return open
  }

  #change(
    reference: PurchaseReference,
    nowMs: number,
    change: (purchase: StoredPurchase) => Partial<StoredPurchase> | null,
  ): Purchase {
    const purchase = this.#purchases.get(reference.purchaseId)
    if (!purchase) throw new UnknownPurchaseError(reference.purchaseId)
    const isCurrent = OPEN.has(purchase.status) && purchase.attempt === reference.attempt
    const changes = isCurrent ? change(purchase) : null
    if (changes) Object.assign(purchase, changes, { updatedAtMs: nowMs })
    return { ...purchase, nowMs }
  }
}

/** Oldest change first; what changed in the same millisecond stands in the order of its names. */
function byChange(one: StoredPurchase, other: StoredPurchase): number {
  if (one.updatedAtMs !== other.updatedAtMs) return one.updatedAtMs - other.updatedAtMs
  if (one.purchaseId === other.purchaseId) return 0
  return one.purchaseId < other.purchaseId ? -1 : 1
}

function isSameAccount(one: AccountKey, other: AccountKey): boolean {
  return one.clientId === other.clientId && one.currency === other.currency
}
