/** Why a dialog is gone. */
export type CloseReason = 'paid' | 'cancelled' | 'failed' | 'aborted'

/** The dialog has closed. */
export class CloseEvent extends Event {
  readonly reason: CloseReason

  constructor(reason: CloseReason) {
    super('stripe402-close', { bubbles: true, composed: true })
    this.reason = reason
  }
}
