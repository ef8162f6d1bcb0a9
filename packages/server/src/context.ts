import type { CaptureQueue } from './capture-queue.js'
import type { HoldKeeper } from './hold-keeper.js'
import type { Settings } from './settings.js'
import type { StripeCards } from './stripe-cards.js'
import type { StripeGateway } from './stripe-gateway.js'
import type { StripeRecords } from './stripe-records.js'

/** What every step of the flow is given: the settings, and the doors to the outside. */
export interface Context {
  settings: Settings
  gateway: StripeGateway
  cards: StripeCards
  records: StripeRecords
  captures: CaptureQueue
  holds: HoldKeeper
  /** Resolves once the store is ready. */
  start(): Promise<void>
  isStarted(): boolean
  /** The store has lost what it had: the next {@link start} asks it, and Stripe, once more. */
  startAgain(): void
}
