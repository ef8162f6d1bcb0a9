import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { AccountKey, Mark, Purchase, Store } from '../store.js'
import { captureOne, cardOf, holdOf, someAccount, termsOf } from '../testing/contract/subject.js'

/** A verb that changes something, done to many subjects. */
export interface VerbCase {
  verb: string
  /** In Redis it asks every shard at once, in one pipeline that is repeated as a whole. */
  isWide?: boolean
  /** Makes what the verb will be done to, over a connection that works, and says how to do it over one that does not. */
  make(store: Store, shared: AccountKey): Promise<(broken: Store) => Promise<VerbResult>>
  /** How often it took effect in the shared account, `made` having been begun; without it, each result says. */
  effects?(store: Store, shared: AccountKey, made: number): Promise<number>
}

/** What the caller was told, and a look at whether it is so. */
export interface VerbResult {
  type: string
  tookEffect?(store: Store): Promise<boolean>
}

async function prepared(store: Store, key = someAccount()): Promise<Purchase> {
  const result = await store.prepareTopUp(termsOf(key), null)
  assert(result.type === 'prepared')
  return result.purchase
}

/** The purchase is as it should be, and its account has no other one open. */
function purchaseBecomes(
  expected: Partial<Purchase>,
): (type: string, { purchaseId }: Purchase) => VerbResult {
  return (type, { purchaseId }) => ({
    type,
    async tookEffect(store) {
      const purchase = await store.purchase(purchaseId)
      return Object.entries(expected).every(([name, value]) => Reflect.get(purchase ?? {}, name) === value)
    },
  })
}

/** What the shared account begins with. */
export const CREDIT_UNITS = 1_000_000
const THUMBPRINT = 'the-thumbprint-of-a-key-has-43-characters__'
let reconciledMs = Date.UTC(2026, 0, 1)

/** Every verb that writes, with the answers that a success may have when its first answer was lost. */
export const VERB_CASES: readonly VerbCase[] = [
  {
    verb: 'hold',
    async make(_store, shared) {
      const request = holdOf(shared, { units: 1 })
      return async (broken) => ({ type: (await broken.hold(request)).type })
    },
    effects: async (store, shared) => (await store.account(shared)).held,
  },
  {
    verb: 'capture',
    async make(store, shared) {
      const request = holdOf(shared, { units: 1 })
      await store.hold(request)
      return async (broken) => ({ type: (await captureOne(broken, request)).replace('already_', '') })
    },
    effects: async (store, shared) => (await store.account(shared)).spent,
  },
  {
    verb: 'release',
    async make(store, shared) {
      const request = holdOf(shared, { units: 1 })
      await store.hold(request)
      return async (broken) => {
        await broken.release(request)
        return { type: 'released' }
      }
    },
    effects: async (store, shared, made) => made - (await store.account(shared)).held,
  },
  {
    verb: 'releaseExpired',
    isWide: true,
    async make(store, shared) {
      await store.hold(holdOf(shared, { units: 1, holdMs: 1 }))
      return async (broken) => {
        // Ten or fewer: a count whose answer was lost is not missed, because the next one looks again.
        while ((await broken.releaseExpired(10)) > 0);
        return { type: 'released' }
      }
    },
    effects: async (store, shared, made) => made - (await store.account(shared)).held,
  },
  {
    verb: 'prepareTopUp',
    async make() {
      const terms = termsOf(someAccount())
      const isOpen = purchaseBecomes({ status: 'prepared', attempt: 1 })
      return async (broken) => {
        const result = await broken.prepareTopUp(terms, null)
        assert(result.type === 'prepared' || result.type === 'existing', result.type)
        return isOpen('prepared', result.purchase)
      }
    },
  },
  {
    verb: 'prepareTopUp with another card',
    async make(store) {
      const { purchaseId } = await store.failTopUp(await prepared(store), { error: 'card_declined' })
      const terms = termsOf(someAccount(), { purchaseId, paymentMethodId: 'pm_second' })
      const isOpen = purchaseBecomes({ status: 'prepared', attempt: 2, clientId: terms.clientId })
      return async (broken) => {
        const result = await broken.prepareTopUp(terms, null)
        assert(result.type === 'prepared' || result.type === 'existing', result.type)
        return isOpen('prepared', result.purchase)
      }
    },
  },
  {
    verb: 'prepareTopUp that is not needed',
    async make(_store, shared) {
      const request = holdOf(shared, { units: 1 })
      const terms = termsOf(shared)
      return async (broken) => ({ type: (await broken.prepareTopUp(terms, request)).type })
    },
    effects: async (store, shared) => (await store.account(shared)).held,
  },
  {
    verb: 'saveIntent',
    async make(store) {
      const purchase = await prepared(store)
      const paymentIntentId = `pi_${purchase.purchaseId}`
      const isSaved = purchaseBecomes({ status: 'intent_saved', paymentIntentId })
      return async (broken) => isSaved((await broken.saveIntent(purchase, paymentIntentId)).status, purchase)
    },
  },
  {
    verb: 'awaitAction',
    async make(store) {
      const purchase = await prepared(store)
      const isWaiting = purchaseBecomes({ status: 'requires_action' })
      return async (broken) => isWaiting((await broken.awaitAction(purchase)).status, purchase)
    },
  },
  {
    verb: 'failTopUp',
    async make(store) {
      const purchase = await prepared(store)
      const isFailed = purchaseBecomes({ status: 'failed' })
      return async (broken) =>
        isFailed((await broken.failTopUp(purchase, { error: 'card_declined' })).status, purchase)
    },
  },
  {
    verb: 'credit',
    async make(_store, shared) {
      const { purchaseId } = termsOf(shared)
      const credit = { ...shared, paymentIntentId: `pi_${purchaseId}`, units: 1, purchaseId: null }
      return async (broken) => ({ type: (await broken.credit(credit)).type.replace('already_', '') })
    },
    effects: async (store, shared) => (await store.account(shared)).credited - CREDIT_UNITS,
  },
  {
    verb: 'debit',
    async make(_store, shared) {
      const debitId = `re_${termsOf(shared).purchaseId}`
      const debit = { ...shared, debitId, rank: 1, units: 1, freezes: false, reason: 'refund' } as const
      return async (broken) => {
        await broken.debit(debit)
        return { type: 'debited' }
      }
    },
    effects: async (store, shared) => (await store.account(shared)).debited,
  },
  {
    verb: 'debit of what was held',
    async make(store, shared) {
      const hold = holdOf(shared, { units: 1 })
      await store.hold(hold)
      const debitId = `re_${termsOf(shared).purchaseId}`
      const debit = { ...shared, debitId, rank: 1, units: 1, freezes: false, reason: 'refund', hold } as const
      return async (broken) => {
        await broken.debit(debit)
        return { type: 'debited' }
      }
    },
    async effects(store, shared, made) {
      const { debited, held } = await store.account(shared)
      return debited + held === made ? debited : Number.NaN
    },
  },
  {
    verb: 'bindKey',
    async make() {
      const key = someAccount()
      return async (broken) => ({
        type: `era ${await broken.bindKey(key, THUMBPRINT)}`,
        tookEffect: async (store) => isDeepStrictEqual((await store.keys(key)).thumbprints, [THUMBPRINT]),
      })
    },
  },
  {
    verb: 'signOut',
    async make(store) {
      const key = someAccount()
      const era = await store.bindKey(key, THUMBPRINT)
      return async (broken) => {
        await broken.signOut(key)
        return {
          type: 'signed out',
          async tookEffect(whole) {
            // Sent twice it is two eras further: what was signed before is worth nothing either way.
            const keys = await whole.keys(key)
            return keys.era > era && keys.thumbprints.length === 0
          },
        }
      }
    },
  },
  {
    verb: 'keepCard',
    async make() {
      const card = cardOf(someAccount())
      return async (broken) => {
        await broken.keepCard(card)
        return {
          type: 'kept',
          tookEffect: async (store) => isDeepStrictEqual(await store.savedCard(card.clientId), card),
        }
      }
    },
  },
  {
    verb: 'forgetCard',
    async make(store) {
      const card = cardOf(someAccount())
      await store.keepCard(card)
      return async (broken) => {
        await broken.forgetCard(card)
        return {
          type: 'forgotten',
          tookEffect: async (whole) => (await whole.savedCard(card.clientId)) === null,
        }
      }
    },
  },
  {
    verb: 'mark',
    async make(_store, shared) {
      const mark = { ...markOf(shared), member: termsOf(shared).purchaseId }
      return async (broken) => {
        const [result] = await broken.mark([mark])
        return { type: result?.isMade ? 'made' : 'refused' }
      }
    },
    async effects(store, shared) {
      const [result] = await store.mark([{ ...markOf(shared), member: 'nobody', most: 0 }])
      return result?.count ?? 0
    },
  },
  {
    verb: 'markReconciled',
    async make() {
      reconciledMs += 1
      const atMs = reconciledMs
      return async (broken) => {
        await broken.markReconciled(atMs)
        return {
          type: 'remembered',
          tookEffect: async (store) => ((await store.reconciledAt()) ?? 0) >= atMs,
        }
      }
    },
  },
  {
    verb: 'open',
    isWide: true,
    async make() {
      return async (broken) => {
        await broken.open(randomUUID())
        return { type: 'opened', tookEffect: async (store) => (await store.start()).type === 'ready' }
      }
    },
  },
]

/** Counts within an account, for longer than any test takes. */
function markOf({ clientId }: AccountKey): Omit<Mark, 'member'> {
  return { name: `cut ${clientId}`, windowMs: 86_400_000, most: 1_000_000 }
}
