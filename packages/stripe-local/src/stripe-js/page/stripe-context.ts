import type { Origins } from './origins.js'

/** What one call of `Stripe()` has fixed for everything that comes out of it. */
export interface StripeContext {
  readonly origins: Origins
  readonly publishableKey: string
  /** BCP 47, or `auto` for the browser's. */
  readonly locale: string
}
