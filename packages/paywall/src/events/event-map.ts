import type { BalanceChangeEvent } from './balance-change-event.js'
import type { CloseEvent } from './close-event.js'
import type { ContentEvent } from './content-event.js'
import type { PaywallErrorEvent } from './error-event.js'
import type { OpenEvent } from './open-event.js'
import type { PaidEvent } from './paid-event.js'
import type { PaymentRequiredEvent } from './payment-required-event.js'

/** Every event of the two elements by name. */
export interface Stripe402EventMap {
  'stripe402-payment-required': PaymentRequiredEvent
  'stripe402-open': OpenEvent
  'stripe402-close': CloseEvent
  'stripe402-paid': PaidEvent
  'stripe402-content': ContentEvent
  'stripe402-balance-change': BalanceChangeEvent
  'stripe402-error': PaywallErrorEvent
}

declare global {
  interface HTMLElementEventMap extends Stripe402EventMap {}
  interface DocumentEventMap extends Stripe402EventMap {}
}
