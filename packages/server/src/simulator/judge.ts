import { type ClientId, isClientId, minorToUnits } from '@stripe402/core'
import type { StripeLocal } from '@stripe402/stripe-local'
import type Stripe from 'stripe'
import type { PaidRequest } from '../paid-request.js'
import type { AccountKey, HistoryEntry } from '../store.js'
import type { Reply } from './connection.js'
import type { Disk } from './disk.js'
import { moneyBack } from './money-back.js'
import { paymentOf, watchPromises } from './promises.js'
import { watchServices } from './services.js'
import type { Timeline } from './timeline.js'

/** A rule that did not hold. */
export interface Violation {
  rule: string
  detail: string
}

/** Watches a run and says what was wrong with it. */
export interface Judge {
  readonly violations: readonly Violation[]
  /** A request reached a server. */
  asked(request: PaidRequest): void
  /** A server answered it. */
  answered(request: PaidRequest, reply: Reply): void
  /** The head of an answer below 400 stands. */
  served(request: PaidRequest, chargedUnits: number): void
  /** So many captures may be lost from now on, at the seller's cost. */
  mayLose(captures: number): void
  /** The store may have changed. */
  written(): void
  stripeEvent(event: Stripe.EventBase): void
  violate(rule: string, detail: string): void
  /**
   * The store lost writes: what it knew of spending is gone. When nobody noticed, as after a failover, it also goes on without
   * what it knew of payments, until somebody compares it with Stripe.
   */
  lost(isNoticed: boolean): void
  /** PaymentIntents that have succeeded, oldest first. */
  charged(): string[]
  /** More than so many charges were due to nobody. */
  checkCharges(most: number): void
  /** Whether something may be amiss that neither webhooks nor sweeps can find. */
  mayNeedReconciling(): boolean
  /** Whether nothing is left to be done. Once it is so, {@link Judge.atRest} holds. */
  isSettled(): Promise<boolean>
  /** What must hold at once when nothing went wrong: nobody waits for a sweep to get back what was held. */
  undisturbed(): Promise<void>
  /** What must hold once everybody has gone home. */
  atRest(): Promise<void>
}

/** So many writes are audited one by one, and then one in so many. */
const CLOSELY = 40
const SOMETIMES = 8
const KEY_LIFE_MS = 24 * 3_600_000

interface Charge extends AccountKey {
  units: number
  purchaseId: string
  atMs: number
}

/** What a judge sees. */
export interface JudgeParts {
  disk: Disk
  timeline: Timeline
  local: StripeLocal
}

/** Makes the judge of a run. */
export function createJudge({ disk, timeline, local }: JudgeParts): Judge {
  const violations: Violation[] = []
  const charges = new Map<string, Charge>()
  const services = watchServices()
  let losable = 0
  let isLossy = false
  let isForgetful = false
  let wentBack = false
  let writes = 0
  let anonymous = 0

  function violate(rule: string, detail: string): void {
    violations.push({ rule, detail })
  }
  const promises = watchPromises((rule, detail) => {
    // A store that forgot a purchase and does not know it can say no more than that it knows of none.
    if (!isForgetful) violate(rule, detail)
  }, timeline.nowMs)

  function charged(intent: Stripe.PaymentIntent): void {
    const { clientId = '', purchaseId = '' } = intent.metadata
    if (!isClientId(clientId)) {
      violate('I1', `${intent.id} was charged for nobody`)
      return
    }
    const atMs = timeline.nowMs()
    const earlier = [...charges.values()].find((other) => other.purchaseId === purchaseId)
    // Once the store has forgotten a purchase, Stripe's keys remember it for a day.
    if (earlier && !(isForgetful && atMs - earlier.atMs >= KEY_LIFE_MS))
      violate('I4', `purchase ${purchaseId} was charged twice`)
    const { currency } = intent
    const units = minorToUnits(intent.amount_received, currency)
    charges.set(intent.id, { clientId, currency, purchaseId, units, atMs })
    const method = intent.payment_method
    promises.charged({
      purchaseId,
      paymentMethodId: typeof method === 'string' ? method : (method?.id ?? ''),
    })
  }

  async function audit(): Promise<void> {
    const { breaks } = await disk.store().audit()
    for (const { rule, detail } of breaks) violate(`I3 ${rule}`, detail)
  }

  /** Client → units that refunds and disputes took. */
  function moneyBackByAccount(): Map<ClientId, number> {
    const units = new Map<ClientId, number>()
    if (!wentBack) return units
    for (const { paymentIntent, minor, currency } of moneyBack(local)) {
      const clientId = charges.get(paymentIntent)?.clientId
      if (clientId) units.set(clientId, (units.get(clientId) ?? 0) + minorToUnits(minor, currency))
    }
    return units
  }

  async function checkAccounts(): Promise<void> {
    const expected = new Map<ClientId, number>()
    const debited = moneyBackByAccount()
    for (const { clientId, units } of charges.values())
      expected.set(clientId, (expected.get(clientId) ?? 0) + units)
    for (const [clientId, units] of expected) {
      const account = await disk.store().account({ clientId, currency: 'usd' })
      if (account.credited !== units) violate('I1', `charged ${units}, credited ${account.credited}`)
      const back = debited.get(clientId) ?? 0
      if (account.debited !== back) violate('I1', `went back ${back}, debited ${account.debited}`)
      if (account.available < 0 && !account.frozen) violate('I2', `available ${account.available}`)
      if (account.held !== 0) violate('I7', `${account.held} are still held`)
    }
    const { totals } = await disk.store().audit()
    const sum = [...expected.values()].reduce((total, units) => total + units, 0)
    const credited = totals.usd?.credited ?? 0
    if (credited !== sum) violate('I1', `charged ${sum} in all, credited ${credited}`)
  }

  async function checkServices(): Promise<void> {
    for (const { rule, detail } of services.check(await history(), losable)) violate(rule, detail)
  }

  async function history(): Promise<HistoryEntry[]> {
    const clients = new Set([...charges.values()].map((charge) => charge.clientId))
    const entries: HistoryEntry[] = []
    for (const clientId of clients)
      entries.push(...(await disk.store().history({ clientId, currency: 'usd' }, { limit: 1000 })))
    return entries
  }

  return {
    violations,
    violate,
    asked: promises.asked,
    answered: promises.answered,
    served(request, chargedUnits) {
      if (chargedUnits === 0) return
      const { method, url } = request
      const operation = paymentOf(request)?.requestId ?? `anonymous ${anonymous++}`
      services.served(`${method} ${url}`, { operation, units: chargedUnits, atMs: timeline.nowMs() })
    },
    mayLose(captures) {
      losable += captures
    },
    written() {
      // What is wrong stays wrong; a crowd need not be counted after every coin.
      writes += 1
      if (writes <= CLOSELY || writes % SOMETIMES === 0) void audit()
    },
    stripeEvent(event) {
      if (isSuccess(event)) charged(event.data.object)
      if (/^(?:refund|charge\.dispute)/.test(event.type)) wentBack = true
    },
    lost(isNoticed) {
      isLossy = true
      promises.lost()
      if (!isNoticed) isForgetful = true
      losable = Number.POSITIVE_INFINITY
    },
    charged: () => [...charges.keys()],
    checkCharges(most) {
      // Who forgot a payment asks for another one.
      if (charges.size > most && !isForgetful)
        violate('I4', `${charges.size} charges, at most ${most} were due`)
    },
    mayNeedReconciling: () => isLossy || wentBack,
    async isSettled() {
      const { totals } = await disk.store().audit()
      const open = await disk.store().due({ idleMs: 0, limit: 1 })
      const { credited = 0, debited = 0, held = 0 } = totals.usd ?? {}
      const sum = [...charges.values()].reduce((total, { units }) => total + units, 0)
      const back = [...moneyBackByAccount().values()].reduce((total, units) => total + units, 0)
      return open.length === 0 && held === 0 && credited === sum && debited === back
    },
    async undisturbed() {
      const { totals } = await disk.store().audit()
      if (totals.usd?.held) violate('I7', `${totals.usd.held} are held by nobody`)
    },
    async atRest() {
      await audit()
      for (const { purchaseId, status } of await disk.store().due({ idleMs: 0, limit: 1000 }))
        violate('liveness', `purchase ${purchaseId} is still ${status}`)
      await checkAccounts()
      await checkServices()
    },
  }
}

function isSuccess(event: Stripe.EventBase): event is Stripe.PaymentIntentSucceededEvent {
  return event.type === 'payment_intent.succeeded'
}
