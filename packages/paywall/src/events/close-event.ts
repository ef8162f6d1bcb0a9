/** Why a dialog is gone. `pending`: the person has put it away while nobody knows whether money has moved. */
export type CloseReason = 'paid' | 'cancelled' | 'pending' | 'failed' | 'aborted'

/** The dialog has closed. */
export class CloseEvent extends Event {
  readonly reason: CloseReason

  constructor(reason: CloseReason) {
    super('stripe402-close', { bubbles: true, composed: true })
    this.reason = reason
  }
}
