import type Stripe from 'stripe'

/** The statuses that the local Stripe can reach; `warning_…` are inquiries, which withdraw nothing. */
export type DisputeStatus =
  | 'warning_needs_response'
  | 'warning_under_review'
  | 'warning_closed'
  | 'needs_response'
  | 'under_review'
  | 'won'
  | 'lost'

/** A movement of money that a dispute made; amounts in Stripe's minor unit. */
export interface DisputeMovement {
  id: string
  createdS: number
  amountMinor: number
  feeMinor: number
}

/** A dispute as the local Stripe keeps it; amounts in Stripe's minor unit. */
export interface DisputeRecord {
  id: string
  createdS: number
  amountMinor: number
  brand: string
  charge: string
  currency: string
  evidenceText: string | null
  metadata: Record<string, string>
  movements: DisputeMovement[]
  paymentIntent: string
  reason: string
  status: DisputeStatus
  submissionCount: number
}

const ANSWER_WITHIN_S = 9 * 24 * 60 * 60

/** Builds the object that the API returns. */
export function disputeObject(record: DisputeRecord): Stripe.Dispute {
  const isInquiry = record.status.startsWith('warning_')
  return {
    id: record.id,
    object: 'dispute',
    amount: record.amountMinor,
    balance_transactions: record.movements.map((movement) => balanceTransactionObject(record, movement)),
    charge: record.charge,
    created: record.createdS,
    currency: record.currency,
    enhanced_eligibility_types: [],
    evidence: evidenceObject(record.evidenceText),
    evidence_details: {
      due_by: record.createdS + ANSWER_WITHIN_S,
      enhanced_eligibility: {},
      has_evidence: record.evidenceText !== null,
      past_due: false,
      submission_count: record.submissionCount,
      submission_method: record.submissionCount > 0 ? 'manual' : 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: isInquiry,
    livemode: false,
    metadata: record.metadata,
    payment_intent: record.paymentIntent,
    payment_method_details: {
      card: {
        brand: record.brand,
        case_type: isInquiry ? 'inquiry' : 'chargeback',
        network: record.brand,
        network_reason_code: '10.4',
      },
      type: 'card',
    },
    reason: record.reason,
    status: record.status,
  }
}

function balanceTransactionObject(
  dispute: DisputeRecord,
  movement: DisputeMovement,
): Stripe.BalanceTransaction {
  return {
    id: movement.id,
    object: 'balance_transaction',
    amount: movement.amountMinor,
    available_on: movement.createdS,
    balance_type: 'payments',
    created: movement.createdS,
    currency: dispute.currency,
    description: `Chargeback ${movement.amountMinor < 0 ? 'withdrawal' : 'reversal'} for ${dispute.charge}`,
    exchange_rate: null,
    fee: movement.feeMinor,
    fee_details:
      movement.feeMinor === 0
        ? []
        : [
            {
              amount: movement.feeMinor,
              application: null,
              currency: dispute.currency,
              description: 'Dispute fee',
              type: 'stripe_fee',
            },
          ],
    net: movement.amountMinor - movement.feeMinor,
    reporting_category: movement.amountMinor < 0 ? 'dispute' : 'dispute_reversal',
    source: dispute.id,
    status: 'available',
    type: 'adjustment',
  }
}

function evidenceObject(text: string | null): Stripe.Dispute.Evidence {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: text,
  }
}
