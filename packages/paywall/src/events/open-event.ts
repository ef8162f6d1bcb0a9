/** The dialog has opened. */
export class OpenEvent extends Event {
  constructor() {
    super('stripe402-open', { bubbles: true, composed: true })
  }
}
