/** Stripe.js was called in a way that no person's input can excuse. Thrown, never returned in a result. */
export class IntegrationError extends Error {
  static {
    // On the prototype, so that the name is there when the stack is written.
    IntegrationError.prototype.name = 'IntegrationError'
  }
}

/** What was passed, as Stripe's messages quote it. */
export function describeValue(value: unknown): string {
  if (typeof value === 'function') return 'function'
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}

/** Warns about members that Stripe.js does not know, as Stripe does: the call goes on. */
export function warnAboutUnknown(value: object, known: ReadonlySet<string>, method: string): void {
  for (const key of Object.keys(value)) {
    if (known.has(key)) continue
    console.warn(
      `Unrecognized ${method} parameter: ${key} is not a recognized parameter. This may cause issues with your integration in the future.`,
    )
  }
}
