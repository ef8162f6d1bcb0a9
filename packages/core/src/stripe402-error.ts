const BRAND = Symbol.for('stripe402.error')

/**
 * Base of every error this project throws: a literal `code` to switch on, a sentence for a person, a `cause`.
 *
 * The brand is a registered symbol, so that {@link isStripe402Error} also recognises an error that came from
 * another copy of the package or from another realm.
 */
export class Stripe402Error<Code extends string = string> extends Error {
  readonly code: Code

  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    Object.defineProperty(this, BRAND, { value: true })
  }
}

/** Whether a caught value is one of our errors, whichever copy of the package made it. */
export function isStripe402Error(value: unknown): value is Stripe402Error {
  return typeof value === 'object' && value !== null && BRAND in value
}
