import assert from 'node:assert/strict'
import { HEADERS, type Payment, readPaymentResponse, serializePayment } from '@stripe402/core'
import { createStripeLocal, type StripeLocal, type StripeLocalOptions } from '@stripe402/stripe-local'
import Stripe from 'stripe'
import { createStripe402, type Stripe402 } from './create-stripe402.js'
import type { Stripe402Event } from './events.js'
import type { PaidRequest } from './paid-request.js'
import type { Stripe402Options } from './settings.js'
import { MemoryStore } from './store/index.js'
import type { AccountKey, Store } from './store.js'

/** A seller with a Stripe of their own, without HTTP in between. */
export interface Seller {
  stripe402: Stripe402
  store: Store
  stripeLocal: StripeLocal
  stripe: Stripe
  events: Stripe402Event[]
  /** Buys credit for its own sake. */
  topUp(wish?: Omit<Payment, 'stripe402Version'>): Promise<{ account: AccountKey; paymentIntentId: string }>
  close(): Promise<void>
}

/** The secret of every seller that has no other. */
export const SECRET = 'the secret of a seller in 32 bytes or more'
const CARD: Omit<Payment, 'stripe402Version'> = { paymentMethodId: 'pm_card_visa', topUpAmount: 50_000 }

/** Signs what {@link openSeller}'s webhook takes. */
export const WEBHOOK_SECRET = 'whsec_seller'

/** Opens a seller; an engine over the same Stripe and store is another process of the same shop. */
export function openSeller({
  stripeOptions,
  stripeLocal = createStripeLocal(stripeOptions),
  ...options
}: Partial<Stripe402Options> & {
  stripeLocal?: StripeLocal
  stripeOptions?: StripeLocalOptions
} = {}): Seller {
  const store = options.store ?? new MemoryStore()
  const stripe = new Stripe(stripeLocal.keys.secretKey, { httpClient: stripeLocal.httpClient })
  const events: Stripe402Event[] = []
  const stripe402 = createStripe402({
    stripe,
    publishableKey: stripeLocal.keys.publishableKey,
    secret: SECRET,
    webhookSecret: WEBHOOK_SECRET,
    sweepEveryMs: 0,
    logger: { warn() {}, error() {} },
    onEvent: (event) => void events.push(event),
    ...options,
    store,
  })
  return {
    stripe402,
    store,
    stripeLocal,
    stripe,
    events,
    async topUp(wish = CARD) {
      const answer = await stripe402.topUp(requestWith({ ...wish }))
      const receipt = readPaymentResponse(answer.headers[HEADERS.PAYMENT_RESPONSE])
      assert(
        receipt.ok && receipt.value.chargeId && receipt.value.currency,
        `the top-up was refused: ${answer.body}`,
      )
      const { clientId, currency, chargeId } = receipt.value
      return { account: { clientId, currency }, paymentIntentId: chargeId }
    },
    async close() {
      await stripe402.close()
      stripeLocal.close()
    },
  }
}

/** A `POST` that carries a payment. */
export function requestWith(payment: Omit<Payment, 'stripe402Version'>): PaidRequest {
  const header = serializePayment(payment)
  return {
    method: 'POST',
    url: '/.well-known/stripe402/top-up',
    header: (name) => (name === HEADERS.PAYMENT ? header : undefined),
  }
}
