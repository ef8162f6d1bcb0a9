/** Where the pieces of Stripe are for a page. */
export interface Origins {
  /** Origin of the script, and so of every frame. */
  readonly script: string
  readonly api: string
}

/** Derives the origins from the address that Stripe.js itself was loaded from. */
export function originsFor(scriptUrl: string): Origins {
  const script = new URL(scriptUrl).origin
  return { script, api: script === 'https://js.stripe.com' ? 'https://api.stripe.com' : script }
}
