import type Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { CARD_PAYMENT, failureOf, useStripeLocal } from '../in-process.fixture.js'

const { stripe, stripeLocal } = useStripeLocal()

async function disputeOf(name: string): Promise<Stripe.Dispute> {
  const { id } = await stripe.paymentIntents.create({
    ...CARD_PAYMENT,
    payment_method: `pm_card_${name}`,
    confirm: true,
  })
  const [dispute] = (await stripe.disputes.list({ payment_intent: id })).data
  if (!dispute) throw new Error('There is no dispute.')
  return dispute
}

function disputeEvents(): string[] {
  return stripeLocal.state
    .events()
    .map(({ type }) => type)
    .filter((type) => type.startsWith('charge.dispute.'))
}

describe('disputes', () => {
  it.each([
    ['createDispute', 'fraudulent'],
    ['createDisputeProductNotReceived', 'product_not_received'],
  ])('of pm_card_%s take the money at once', async (name, reason) => {
    const dispute = await disputeOf(name)
    expect(dispute).toMatchObject({
      status: 'needs_response',
      reason,
      amount: 500,
      is_charge_refundable: false,
    })
    expect(dispute.balance_transactions).toMatchObject([{ amount: -500, fee: 1500, net: -2000 }])
    expect(disputeEvents()).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn'])
    expect(await stripe.charges.retrieve(dispute.charge.toString())).toMatchObject({ disputed: true })
    expect(await failureOf(stripe.refunds.create({ charge: dispute.charge.toString() }))).toMatchObject({
      code: 'charge_disputed',
    })
  })

  it('give the money back when won', async () => {
    const { id } = await disputeOf('createDispute')
    const sent = await stripe.disputes.update(id, { evidence: { uncategorized_text: 'It was served.' } })
    expect(sent).toMatchObject({
      status: 'under_review',
      evidence_details: { has_evidence: true, submission_count: 1 },
    })
    stripeLocal.closeDispute(id, 'won')
    const won = await stripe.disputes.retrieve(id)
    expect(won.status).toBe('won')
    expect(won.balance_transactions.map(({ amount }) => amount)).toEqual([-500, 500])
    expect(disputeEvents().slice(2)).toEqual([
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ])
  })

  it('keep the money when lost', async () => {
    const { id } = await disputeOf('createDispute')
    stripeLocal.closeDispute(id, 'lost')
    expect(await stripe.disputes.retrieve(id)).toMatchObject({ status: 'lost' })
    expect(disputeEvents()).not.toContain('charge.dispute.funds_reinstated')
    expect(() => stripeLocal.closeDispute(id, 'won')).toThrow('already lost')
  })

  it('that are inquiries withdraw nothing', async () => {
    const inquiry = await disputeOf('createDisputeInquiry')
    expect(inquiry).toMatchObject({
      status: 'warning_needs_response',
      balance_transactions: [],
      is_charge_refundable: true,
    })
    stripeLocal.closeDispute(inquiry.id, 'won')
    expect((await stripe.disputes.retrieve(inquiry.id)).status).toBe('warning_closed')
    expect(disputeEvents()).toEqual(['charge.dispute.created', 'charge.dispute.closed'])
  })

  it('are opened for any charge by the payer', async () => {
    const { id } = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_visa',
      confirm: true,
    })
    expect(stripeLocal.dispute(id, { reason: 'duplicate' })).toMatchObject({
      reason: 'duplicate',
      payment_intent: id,
    })
  })
})

describe('early fraud warnings', () => {
  it('follow a charge to pm_card_createIssuerFraudRecord', async () => {
    const { id } = await stripe.paymentIntents.create({
      ...CARD_PAYMENT,
      payment_method: 'pm_card_createIssuerFraudRecord',
      confirm: true,
    })
    const { data } = await stripe.radar.earlyFraudWarnings.list({ payment_intent: id })
    expect(data).toMatchObject([{ actionable: true, payment_intent: id }])
    expect((await stripe.events.list({ type: 'radar.*' })).data).toHaveLength(1)
  })
})
