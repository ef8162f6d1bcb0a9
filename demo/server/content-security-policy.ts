/**
 * The policy that the paywall needs, and nothing more: our own files, Stripe.js and its frames.
 *
 * @param localStripe origin of the local Stripe, when it stands in for the real one
 */
export function contentSecurityPolicy(localStripe: string | null): string {
  const local = localStripe === null ? [] : [localStripe]
  const directives: Readonly<Record<string, readonly string[]>> = {
    'default-src': ["'self'"],
    'script-src': ["'self'", 'https://js.stripe.com', 'https://*.js.stripe.com', ...local],
    'frame-src': ['https://js.stripe.com', 'https://*.js.stripe.com', 'https://hooks.stripe.com', ...local],
    'connect-src': ["'self'", 'https://api.stripe.com', ...local],
    'style-src': ["'self'"],
    'object-src': ["'none'"],
    'base-uri': ["'none'"],
    'form-action': ["'self'"],
    'frame-ancestors': ["'none'"],
  }
  return Object.entries(directives)
    .map(([directive, sources]) => `${directive} ${sources.join(' ')}`)
    .join('; ')
}
