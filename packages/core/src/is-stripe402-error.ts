import { BRAND, type Stripe402Error } from './stripe402-error.js'

/** Whether a caught value is one of our errors, whichever copy of the package made it. */
export function isStripe402Error(value: unknown): value is Stripe402Error {
  return typeof value === 'object' && value !== null && BRAND in value
}
