import type { StripeLocal } from '@stripe402/stripe-local'

/** Money that a refund or a dispute took from a payment, in Stripe's minor unit; worked out without any code of the engine. */
export interface MoneyBack {
  paymentIntent: string
  minor: number
  currency: string
}

/** All that went back and stayed there. */
export function moneyBack({ state }: StripeLocal): MoneyBack[] {
  const refunds = state
    .refunds()
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    .map(({ amount, currency, payment_intent }) => ({
      minor: amount,
      currency,
      paymentIntent: idOf(payment_intent),
    }))
  const disputes = state.disputes().map(({ balance_transactions, currency, payment_intent }) => ({
    minor: balance_transactions.reduce((sum, { amount }) => sum - amount, 0),
    currency,
    paymentIntent: idOf(payment_intent),
  }))
  return [...refunds, ...disputes]
}

function idOf(object: string | { id: string } | null | undefined): string {
  return typeof object === 'string' ? object : (object?.id ?? '')
}
