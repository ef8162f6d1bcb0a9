import { type ClientId, isClientId, type PaymentRequirements } from '@stripe402/core'
import type { ClientOptions } from './client.js'
import { memoryStore } from './client-store.js'
import type { Payer } from './payer.js'
import { wrapFetch } from './wrap-fetch.js'

/** Decides about a payment, as in the original clients. `null`: no. */
export type OnPaymentRequired = (
  requirements: PaymentRequirements,
) => Promise<{ paymentMethodId: string; topUpAmount?: number | undefined } | null>

/** The configuration of the original clients. */
export interface Stripe402ClientConfig {
  onPaymentRequired: OnPaymentRequired
  /** An account kept from earlier. It is shown to the first seller that asks, and to no other. */
  clientId?: string | undefined
}

/**
 * The original's fetch client: the same call, the same shapes.
 *
 * A refused payment or a `null` returns the 402. A remembered or given account that has run out leads to a question.
 *
 * @example
 * ```ts
 * const paidFetch = createStripe402Fetch({ onPaymentRequired: async () => ({ paymentMethodId: 'pm_card_visa' }) })
 * ```
 */
export function createStripe402Fetch(
  config: Stripe402ClientConfig,
  baseFetch: typeof fetch = globalThis.fetch,
): typeof fetch {
  return wrapFetch(baseFetch, originalOptions(config))
}

/** The original's configuration in terms of this client: every seller, no cap, nothing kept beyond this instance. */
export function originalOptions({ onPaymentRequired, clientId = '' }: Stripe402ClientConfig): ClientOptions {
  let restorable: ClientId | null = isClientId(clientId) ? clientId : null
  let askedIn = ''
  const decide: Payer = async ({ accepts: [requirements] }, context) => {
    if (restorable) {
      const restored = { clientId: restorable }
      restorable = null
      return restored
    }
    // A card that was refused is not asked for twice: the app sees the refusal.
    if (!requirements || askedIn === context.id) return null
    askedIn = context.id
    return onPaymentRequired(requirements)
  }
  return {
    payer: decide,
    origins: '*',
    store: memoryStore(),
    // Its apps keep the account themselves, and take it to places where no key could follow.
    deviceKeys: null,
    policy: { askAbove: Number.POSITIVE_INFINITY },
  }
}
