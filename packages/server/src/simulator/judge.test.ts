import { HEADERS, type Payment, type PurchaseId, serializePayment } from '@stripe402/core'
import { createStripeLocal, type StripeLocal } from '@stripe402/stripe-local'
import { beforeEach, describe, expect, it } from 'vitest'
import { deriveClientId } from '../client-id.js'
import type { PaidRequest } from '../paid-request.js'
import { answerProblem } from '../refusal.js'
import { termsOf } from '../testing/contract/subject.js'
import { createDisk, type Disk } from './disk.js'
import { createJudge, type Judge } from './judge.js'
import { purchaseIdOf, requestIdOf } from './tab.js'
import { createTimeline, type Timeline } from './timeline.js'

const clientId = deriveClientId('a card', 'a secret of thirty-two bytes or more')
const account = { clientId, currency: 'usd' }
const purchaseId = purchaseIdOf('00000000-0000-4000-8000-000000000001')
const otherPurchaseId = purchaseIdOf('00000000-0000-4000-8000-000000000003')
const requestId = requestIdOf('00000000-0000-4000-8000-000000000002')

let local: StripeLocal
let disk: Disk
let judge: Judge
let timeline: Timeline

beforeEach(() => {
  timeline = createTimeline()
  disk = createDisk(timeline)
  local = createStripeLocal({ clock: timeline.nowMs, onEvent: (event) => judge.stripeEvent(event) })
  judge = createJudge({ disk, timeline, local })
})

/** Charges a card as the engine would, without telling the store. */
function charge(paymentMethodId: string, of: PurchaseId = purchaseId): string {
  const created = local.take({
    method: 'POST',
    path: '/v1/payment_intents',
    params: {
      amount: '500',
      currency: 'usd',
      allowed_payment_method_types: { 0: 'card' },
      metadata: { clientId, purchaseId: of },
    },
  })().body
  const id = 'id' in created ? String(created.id) : ''
  const path = `/v1/payment_intents/${id}/confirm`
  local.take({ method: 'POST', path, params: { payment_method: paymentMethodId } })()
  return id
}

function requestWith(payment: Omit<Payment, 'stripe402Version'>): PaidRequest {
  const header = serializePayment(payment)
  return { method: 'GET', url: '/x', header: (name) => (name === HEADERS.PAYMENT ? header : undefined) }
}

function cardId(): string {
  const card = { number: '4242424242424242', exp_month: '12', exp_year: '2034', cvc: '123' }
  const { body } = local.take({
    method: 'POST',
    path: '/v1/payment_methods',
    params: { type: 'card', card },
    viewer: 'publishable',
  })()
  return 'id' in body ? String(body.id) : ''
}

async function broken(): Promise<string[]> {
  await judge.atRest()
  return [...new Set(judge.violations.map(({ rule }) => rule))]
}

const credit = (paymentIntentId: string) =>
  disk.store().credit({ ...account, units: 50_000, paymentIntentId, purchaseId: null })
const hold = () =>
  disk.store().hold({
    ...account,
    operationId: requestId,
    runId: 'run',
    fingerprint: 'f',
    units: 500,
    resource: 'GET /x',
    holdMs: 1000,
    rememberMs: 1000,
  })
const capture = (units = 500) =>
  disk.store().capture([{ ...account, operationId: requestId, runId: 'run', units }])

describe('a judge', () => {
  it('finds nothing wrong with a card that is charged, credited, served and captured', async () => {
    await credit(charge(cardId()))
    await hold()
    judge.served(requestWith({ clientId, requestId }), 500)
    await capture()
    expect(await broken()).toEqual([])
    expect(await judge.isSettled()).toBe(true)
  })

  it('misses credit for a charge', async () => {
    charge(cardId())
    expect(await broken()).toEqual(['I1'])
  })

  it('sees credit without a charge', async () => {
    await credit('pi_from_nowhere')
    expect(await broken()).toEqual(['I1'])
  })

  it('sees a purchase that is charged twice', async () => {
    await credit(charge(cardId()))
    await credit(charge(cardId()))
    expect(await broken()).toEqual(['I4'])
  })

  it('sees a refund that nobody debited', async () => {
    const id = charge(cardId())
    await credit(id)
    local.refund(id, { amountMinor: 100 })
    expect(await broken()).toEqual(['I1'])
  })

  it('sees a hold that nobody ends, and an answer that nobody paid for', async () => {
    await credit(charge(cardId()))
    await hold()
    judge.served(requestWith({ clientId, requestId }), 500)
    expect(await broken()).toEqual(['I7', 'I5'])
  })

  it('allows for captures that died with their process, and for no more', async () => {
    await credit(charge(cardId()))
    judge.mayLose(1)
    judge.served(requestWith({ clientId, requestId }), 500)
    expect(await broken()).toEqual([])
    judge.served({ ...requestWith({ clientId, requestId }), url: '/y' }, 500)
    expect(await broken()).toEqual(['I5'])
  })

  it('sees a capture of half a price', async () => {
    await credit(charge(cardId()))
    await hold()
    judge.served(requestWith({ clientId, requestId }), 500)
    await capture(250)
    expect(await broken()).toEqual(['I5'])
  })

  it('sees a capture of what was never served', async () => {
    await credit(charge(cardId()))
    await hold()
    await capture()
    expect(await broken()).toEqual(['I6'])
  })

  it('sees a purchase that nobody finishes', async () => {
    await disk.store().prepareTopUp(termsOf(account, { purchaseId }), null)
    await Promise.all([timeline.sleep(1), timeline.run(timeline.isAtRest)])
    expect(await broken()).toEqual(['liveness'])
  })

  it.each([
    ['card_declined', 'Your bank declined the card.', ['I8']],
    ['unavailable', 'Nothing was charged; try again.', ['told the truth']],
  ] as const)('holds a %s to its word', async (error, message, rules) => {
    const paymentMethodId = cardId()
    const request = requestWith({ paymentMethodId, purchaseId })
    judge.asked(request)
    judge.answered(request, answerProblem({ type: 'refused', error, message }))
    await credit(charge(paymentMethodId))
    expect(await broken()).toEqual(rules)
  })

  it.each([
    [true, ['told the truth']],
    [false, []],
  ] as const)(
    'forgives a store that forgot a payment only when nobody noticed: %s',
    async (isNoticed, rules) => {
      judge.lost(isNoticed)
      const paymentMethodId = cardId()
      const request = requestWith({ paymentMethodId, purchaseId })
      judge.asked(request)
      await credit(charge(paymentMethodId))
      const message = 'Nothing was charged.'
      judge.answered(request, answerProblem({ type: 'refused', error: 'payment_failed', message }))
      expect(await broken()).toEqual(rules)
    },
  )

  it('lets a no that the store forgot stand until somebody asks again', async () => {
    const cards = [cardId(), cardId()]
    const requests = cards.map((paymentMethodId, index) =>
      requestWith({ paymentMethodId, purchaseId: index === 0 ? purchaseId : otherPurchaseId }),
    )
    const no = answerProblem({ type: 'refused', error: 'card_declined', message: 'Declined.' })
    for (const request of requests) {
      judge.asked(request)
      judge.answered(request, no)
    }
    judge.lost(true)
    const [again] = requests
    if (again) judge.asked(again)
    await credit(charge(cards[0] ?? ''))
    expect(judge.violations).toEqual([])
    await credit(charge(cards[1] ?? '', otherPurchaseId))
    expect(await broken()).toEqual(['I8'])
  })

  it('takes two copies of a request without a purchase id for two payments', async () => {
    const paymentMethodId = cardId()
    const copies = [1, 2].map(() => requestWith({ paymentMethodId }))
    for (const copy of copies) judge.asked(copy)
    await credit(charge(paymentMethodId))
    const no = answerProblem({ type: 'refused', error: 'payment_failed', message: 'Nothing was charged.' })
    for (const copy of copies) judge.answered(copy, no)
    expect(await broken()).toEqual([])
  })

  it('sees that "nothing was charged" is said of a card that was', async () => {
    const paymentMethodId = cardId()
    const request = requestWith({ paymentMethodId, purchaseId })
    judge.asked(request)
    await credit(charge(paymentMethodId))
    judge.answered(
      request,
      answerProblem({ type: 'refused', error: 'payment_failed', message: 'Nothing was charged.' }),
    )
    expect(await broken()).toEqual(['told the truth'])
  })
})
