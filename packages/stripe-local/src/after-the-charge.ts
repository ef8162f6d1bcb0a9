import { createId } from './ids.js'
import { type ChargeRecord, chargeObject } from './objects/charge.js'
import { type DisputeRecord, disputeObject } from './objects/dispute.js'
import { earlyFraudWarningObject } from './objects/early-fraud-warning.js'
import { type RefundRecord, refundObject } from './objects/refund.js'
import type { World } from './world.js'

const DISPUTE_FEE_MINOR = 1500

/** The payer complains to the bank: a dispute takes the money at once, an inquiry only asks. */
export function openDispute(
  world: World,
  charge: ChargeRecord,
  { reason, isInquiry }: { reason: string; isInquiry: boolean },
): DisputeRecord {
  const dispute: DisputeRecord = {
    id: createId('du'),
    createdS: world.nowS(),
    amountMinor: charge.capturedMinor - charge.refundedMinor,
    brand: charge.paymentMethod.card.testCard.brand,
    charge: charge.id,
    currency: charge.currency,
    evidenceText: null,
    metadata: {},
    movements: [],
    paymentIntent: charge.paymentIntent,
    reason,
    status: isInquiry ? 'warning_needs_response' : 'needs_response',
    submissionCount: 0,
  }
  world.disputes.set(dispute.id, dispute)
  charge.isDisputed = true
  if (isInquiry) {
    world.emit('charge.dispute.created', disputeObject(dispute))
    return dispute
  }
  moveFunds(world, dispute, -dispute.amountMinor, DISPUTE_FEE_MINOR)
  world.emit('charge.dispute.created', disputeObject(dispute))
  world.emit('charge.dispute.funds_withdrawn', disputeObject(dispute))
  return dispute
}

/** The seller's answer to a dispute reaches the bank. */
export function submitEvidence(world: World, dispute: DisputeRecord): void {
  dispute.submissionCount += 1
  dispute.status = dispute.status.startsWith('warning_') ? 'warning_under_review' : 'under_review'
  world.emit('charge.dispute.updated', disputeObject(dispute))
}

/** The payer is not content with the answer to an inquiry: the same object becomes a dispute, which takes the money. */
export function escalateInquiry(world: World, dispute: DisputeRecord): void {
  if (!dispute.status.startsWith('warning_'))
    throw new Error(`Dispute ${dispute.id} is ${dispute.status}; only an inquiry escalates.`)
  dispute.status = 'needs_response'
  moveFunds(world, dispute, -dispute.amountMinor, DISPUTE_FEE_MINOR)
  world.emit('charge.dispute.updated', disputeObject(dispute))
  world.emit('charge.dispute.funds_withdrawn', disputeObject(dispute))
}

/** The bank decides; a won dispute gives the money back, a closed inquiry had moved none. */
export function closeDispute(world: World, dispute: DisputeRecord, outcome: 'won' | 'lost'): void {
  if (['won', 'lost', 'warning_closed'].includes(dispute.status)) {
    throw new Error(`Dispute ${dispute.id} is already ${dispute.status}.`)
  }
  if (dispute.status.startsWith('warning_')) {
    dispute.status = 'warning_closed'
    world.emit('charge.dispute.closed', disputeObject(dispute))
    return
  }
  dispute.status = outcome
  if (outcome === 'won') moveFunds(world, dispute, dispute.amountMinor, 0)
  world.emit('charge.dispute.closed', disputeObject(dispute))
  if (outcome === 'won') world.emit('charge.dispute.funds_reinstated', disputeObject(dispute))
}

/** The card's network says that a charge is probably fraud. */
export function warnOfFraud(world: World, charge: ChargeRecord): void {
  const warning = {
    id: createId('issfr'),
    createdS: world.nowS(),
    charge: charge.id,
    paymentIntent: charge.paymentIntent,
    isActionable: !charge.isDisputed && charge.refundedMinor < charge.amountMinor,
  }
  world.earlyFraudWarnings.set(warning.id, warning)
  world.emit('radar.early_fraud_warning.created', earlyFraudWarningObject(warning))
}

/** Sends money back; the card decides whether it arrives. */
export function refundCharge(
  world: World,
  charge: ChargeRecord,
  { amountMinor, metadata, reason }: Pick<RefundRecord, 'amountMinor' | 'metadata' | 'reason'>,
): RefundRecord {
  const refund: RefundRecord = {
    id: createId('re'),
    createdS: world.nowS(),
    amountMinor,
    charge: charge.id,
    currency: charge.currency,
    customer: charge.customer,
    metadata,
    paymentIntent: charge.paymentIntent,
    paymentMethod: charge.paymentMethod.id,
    reason,
    status: charge.paymentMethod.card.testCard.refund === 'pending' ? 'pending' : 'succeeded',
  }
  world.refunds.set(refund.id, refund)
  charge.refundedMinor += amountMinor
  world.emit('refund.created', refundObject(refund))
  world.emit('charge.refunded', chargeObject(charge))
  return refund
}

/**
 * Lets time pass for a refund: a pending one succeeds, one to a card that cannot be refunded fails and the money comes
 * back to the seller.
 */
export function settleRefund(world: World, refund: RefundRecord): void {
  const charge = world.charges.get(refund.charge)
  if (!charge) throw new Error(`Refund ${refund.id} has no charge.`)
  if (charge.paymentMethod.card.testCard.refund === 'fails-later' && refund.status === 'succeeded') {
    refund.status = 'failed'
    charge.refundedMinor -= refund.amountMinor
    world.emit('refund.failed', refundObject(refund))
    world.emit('charge.refund.updated', refundObject(refund))
    return
  }
  if (refund.status !== 'pending') throw new Error(`Refund ${refund.id} is ${refund.status} and stays so.`)
  refund.status = 'succeeded'
  world.emit('refund.updated', refundObject(refund))
  world.emit('charge.refund.updated', refundObject(refund))
}

function moveFunds(world: World, dispute: DisputeRecord, amountMinor: number, feeMinor: number): void {
  dispute.movements.push({ id: createId('txn'), createdS: world.nowS(), amountMinor, feeMinor })
}
