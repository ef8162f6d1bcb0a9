/** Marks our errors in every copy of the package and every realm. */
export const BRAND: unique symbol = Symbol.for('stripe402.error')

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
