import { test as base, expect } from '@playwright/test'
import { type DemoForTest, startDemoForTest } from './demo-for-test.js'
import { expectGoodManners, type PageWatch, watchPages } from './page-watch.js'
import { routeStripe } from './stripe-routes.js'

/** The demo and what its pages do. Every test has its own server, store, Stripe account and browser profile. */
export interface Fixtures {
  demo: DemoForTest
  watch: PageWatch
}

/**
 * A browser in front of the demo, with the local Stripe where the real one is.
 *
 * Every test is also a test of the policy and of the pages' manners: a violation report, an uncaught error, an
 * unhandled rejection or a complaint in a console that it did not expect fails it. So does a secret in what the server says.
 */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that it depends on from this pattern.
  demo: async ({}, use) => {
    const demo = await startDemoForTest()
    await use(demo)
    await demo.close()
  },
  baseURL: async ({ demo }, use) => use(demo.url),
  watch: async ({ context, demo }, use) => {
    await routeStripe(context, demo.stripeUrl)
    const watch = await watchPages(context)
    await use(watch)
    try {
      expectGoodManners(watch)
    } finally {
      // A test may be over while a frame of Stripe's is still on its way; without the route it would complain that there is no Stripe.
      await context.unrouteAll({ behavior: 'ignoreErrors' })
    }
  },
  // Watching starts before the first page does.
  page: async ({ watch: _watch, page }, use) => use(page),
})

export { expect }
