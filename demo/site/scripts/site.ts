import type { Stripe402Paywall } from '@stripe402/paywall'
import '../elements/test-cards.js'
import { localStripeLoader } from './load-local-stripe.js'
import { readPageConfig } from './page-config.js'

/**
 * The paywall of this page, once it listens. A page's own buttons work from the start and wait for it, so that no click
 * is lost while it is on its way.
 */
export const paywall: Promise<Stripe402Paywall> = wake()

async function wake(): Promise<Stripe402Paywall> {
  const config = await readPageConfig()
  if (config.stripeJsUrl !== null) {
    const loadStripe = localStripeLoader(config.stripeJsUrl)
    // Set before the elements are defined: an element takes over what it finds.
    for (const element of document.querySelectorAll('stripe402-paywall')) element.loadStripe = loadStripe
  }
  await import('@stripe402/paywall/define')
  // Not before: until then nothing keeps a paywall's hint from being seen.
  for (const cards of document.querySelectorAll('demo-test-cards')) cards.mode = config.mode
  const found = document.querySelector('stripe402-paywall')
  if (!found) throw new Error('This page has no paywall.')
  return found
}
