import type { BrowserContext } from '@playwright/test'

/** Everything that Stripe.js and its frames fetch. */
export const STRIPE = /^https:\/\/(js|api)\.stripe\.com\//

/** Serves the local Stripe where the real one is, so that the real loader and a real policy run. */
export async function routeStripe(context: BrowserContext, localUrl: string): Promise<void> {
  await context.route(STRIPE, async (route) => {
    const request = route.request()
    const { pathname, search } = new URL(request.url())
    // A connection that the server closes for idleness may be taken for the next request.
    const maxRetries = request.method() === 'GET' ? 3 : 0
    const response = await route.fetch({ url: new URL(pathname + search, localUrl).href, maxRetries })
    await route.fulfill({ response })
  })
}
