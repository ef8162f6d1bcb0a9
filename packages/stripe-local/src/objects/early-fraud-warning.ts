import type Stripe from 'stripe'

/** A card network's early fraud warning as the local Stripe keeps it. */
export interface EarlyFraudWarningRecord {
  id: string
  createdS: number
  charge: string
  paymentIntent: string
  isActionable: boolean
}

/** Builds the object that the API returns. */
export function earlyFraudWarningObject(record: EarlyFraudWarningRecord): Stripe.Radar.EarlyFraudWarning {
  return {
    id: record.id,
    object: 'radar.early_fraud_warning',
    actionable: record.isActionable,
    charge: record.charge,
    created: record.createdS,
    fraud_type: 'unauthorized_use_of_card',
    livemode: false,
    payment_intent: record.paymentIntent,
  }
}
