/** Something the person who starts the demo can mend; shown without a stack. */
export class DemoError extends Error {
  readonly code = 'demo_not_started'

  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DemoError'
  }
}
