import { minorToUnits } from '@stripe402/core'
import type { Credit, PurchaseTerms } from '../store.js'

/**
 * The terms of a purchase that a store knows by its payment alone, because it lost the rest: enough to answer whoever asks
 * about it, and never again asked of Stripe.
 */
export function termsOfCredit(credit: Credit): Omit<PurchaseTerms, 'purchaseId'> {
  const { clientId, currency, units } = credit
  return {
    clientId,
    currency,
    units,
    minor: Math.ceil(units / minorToUnits(1, currency)),
    // Stripe knows which card it was; here it does not matter any more.
    paymentMethodId: '',
    customerId: null,
    keepsCard: false,
    keyThumbprint: null,
    wantsBankCheck: false,
    issuer: '',
    description: '',
  }
}
