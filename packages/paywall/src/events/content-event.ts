/**
 * The paid response of an inline paywall (`src`) has arrived. Cancelable: `preventDefault()` says "I will show it";
 * then the element renders nothing and leaves `response` unread.
 */
export class ContentEvent extends Event {
  readonly response: Response

  constructor(response: Response) {
    super('stripe402-content', { bubbles: true, composed: true, cancelable: true })
    this.response = response
  }
}
