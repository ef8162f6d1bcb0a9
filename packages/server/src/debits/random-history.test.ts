import assert from 'node:assert/strict'
import fc from 'fast-check'
import { beforeAll, describe, it } from 'vitest'
import { openSeller, type Seller } from '../seller.fixture.js'
import { MemoryStore } from '../store/index.js'
import type { AccountKey } from '../store.js'
import {
  type FrozenStripe,
  freeze,
  moneyEvents,
  type SignedEvent,
  type Sums,
  sumsAtStripe,
  sumsIn,
  webhookOver,
} from './money-history.fixture.js'

const HISTORIES = 100
const SEQUENCES = 10_000

type Step =
  | { type: 'refund'; amountMinor: number }
  | { type: 'settle' | 'answer' | 'escalate' | 'close'; at: number; isWon: boolean }
  | { type: 'dispute'; isInquiry: boolean }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ type: fc.constant('refund' as const), amountMinor: fc.integer({ min: 1, max: 300 }) }),
  fc.record({
    type: fc.constantFrom('settle' as const, 'answer' as const, 'escalate' as const, 'close' as const),
    at: fc.nat(3),
    isWon: fc.boolean(),
  }),
  fc.record({ type: fc.constant('dispute' as const), isInquiry: fc.boolean() }),
)
const life = fc.record({
  card: fc.constantFrom(
    'pm_card_visa',
    'pm_card_pendingRefund',
    'pm_card_refundFail',
    'pm_card_createDispute',
  ),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
})

interface History {
  seller: Seller
  frozen: FrozenStripe
  expected: Sums
  account: AccountKey
  events: SignedEvent[]
}

/** Lives through the steps that are possible where it stands. */
async function live({ card, steps }: { card: string; steps: Step[] }): Promise<History> {
  const seller = openSeller()
  const { account, paymentIntentId } = await seller.topUp({ paymentMethodId: card, topUpAmount: 50_000 })
  for (const next of steps) await take(seller, paymentIntentId, next)
  return {
    seller,
    account,
    frozen: freeze(seller),
    expected: sumsAtStripe(seller.stripeLocal),
    events: moneyEvents(seller),
  }
}

async function take({ stripe, stripeLocal }: Seller, paymentIntentId: string, next: Step): Promise<void> {
  const { state } = stripeLocal
  if (next.type === 'refund') {
    const [charge] = state.charges()
    const leftMinor = charge ? charge.amount - charge.amount_refunded : 0
    if (leftMinor >= next.amountMinor) stripeLocal.refund(paymentIntentId, { amountMinor: next.amountMinor })
    return
  }
  if (next.type === 'dispute') {
    if (state.disputes().length < 2) stripeLocal.dispute(paymentIntentId, { isInquiry: next.isInquiry })
    return
  }
  if (next.type === 'settle') {
    const refund = state.refunds()[next.at]
    const canSettle =
      refund?.status === 'pending' || (refund?.status === 'succeeded' && isFailing(state.charges()))
    if (refund && canSettle) stripeLocal.settleRefund(refund.id)
    return
  }
  const dispute = state.disputes()[next.at]
  if (!dispute) return
  const isClosed = ['won', 'lost', 'warning_closed'].includes(dispute.status)
  if (next.type === 'answer' && dispute.status.endsWith('needs_response'))
    await stripe.disputes.update(dispute.id, { evidence: { uncategorized_text: 'It was served.' } })
  if (next.type === 'escalate' && dispute.status.startsWith('warning_'))
    stripeLocal.escalateInquiry(dispute.id)
  if (next.type === 'close' && !isClosed) stripeLocal.closeDispute(dispute.id, next.isWon ? 'won' : 'lost')
}

/** The card whose refunds fail later. */
function isFailing([charge]: {
  payment_method_details: { card?: { last4: string | null } } | null
}[]): boolean {
  return charge?.payment_method_details?.card?.last4 === '5126'
}

describe('random lives of a payment', () => {
  const histories: History[] = []
  beforeAll(async () => {
    for (const one of fc.sample(life, { numRuns: HISTORIES, seed: 402 })) histories.push(await live(one))
  }, 60_000)

  it(`come to what is true at Stripe in ${SEQUENCES} random sequences of events, repeated, and read early or late`, async () => {
    let most = 0
    const delivery = fc.record({ event: fc.nat(), readLater: fc.nat(), place: fc.nat() })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(HISTORIES - 1),
        fc.array(delivery, { minLength: 60, maxLength: 60 }),
        fc.nat(8),
        async (which, dice, repeats) => {
          const { seller, account, frozen, expected, events } = histories[which] ?? assert.fail()
          const store = new MemoryStore()
          const deliver = webhookOver(seller, store, frozen)
          const sequence = [
            ...events.map((_event, index) => index),
            ...dice.slice(0, repeats).map(({ event }) => event % events.length),
          ]
            .map((index, at) => ({ index, dice: dice[at % dice.length] ?? assert.fail() }))
            .sort((one, other) => one.dice.place - other.dice.place)
          most = Math.max(most, sequence.length)
          for (const { index, dice } of sequence) {
            const event = events[index] ?? assert.fail()
            const later = [...laterReads(events, index), undefined]
            frozen.show(later[dice.readLater % later.length]?.event)
            assert.equal(await deliver(event), 200)
          }
          assert.deepEqual(await sumsIn(store, account), expected)
        },
      ),
      { numRuns: SEQUENCES, seed: 402 },
    )
    assert(most >= 20, `${most}`)
  }, 600_000)
})

/** The object of an event as it was then, or as it was at a later event about it. */
function laterReads(events: SignedEvent[], index: number): SignedEvent[] {
  const of = ({ event }: SignedEvent): unknown =>
    'id' in event.data.object ? event.data.object.id : undefined
  const subject = events[index]
  return subject ? events.slice(index).filter((event) => of(event) === of(subject)) : []
}
