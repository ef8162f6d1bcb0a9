import type Stripe from 'stripe'

/** A refund as the local Stripe keeps it; amounts in Stripe's minor unit. */
export interface RefundRecord {
  id: string
  createdS: number
  amountMinor: number
  charge: string
  currency: string
  customer: string | null
  metadata: Record<string, string>
  paymentIntent: string
  paymentMethod: string
  reason: 'duplicate' | 'fraudulent' | 'requested_by_customer' | null
  status: 'pending' | 'succeeded' | 'failed'
}

/** Builds the object that the API returns. */
export function refundObject(record: RefundRecord): Stripe.Refund {
  return {
    id: record.id,
    object: 'refund',
    amount: record.amountMinor,
    balance_transaction: null,
    charge: record.charge,
    created: record.createdS,
    currency: record.currency,
    customer: record.customer,
    customer_account: null,
    destination_details: {
      type: 'card',
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
    },
    ...(record.status === 'failed' ? { failure_reason: 'lost_or_stolen_card' } : {}),
    ...(record.status === 'pending' ? { pending_reason: 'processing' } : {}),
    metadata: record.metadata,
    payment_intent: record.paymentIntent,
    payment_method: record.paymentMethod,
    reason: record.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: record.status,
    transfer_reversal: null,
  }
}
