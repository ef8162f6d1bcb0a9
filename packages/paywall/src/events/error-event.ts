/** Something that should not happen did; the person has been told in plain words. */
export class PaywallErrorEvent extends Event {
  readonly error: unknown

  constructor(error: unknown) {
    super('stripe402-error', { bubbles: true, composed: true })
    this.error = error
  }
}
