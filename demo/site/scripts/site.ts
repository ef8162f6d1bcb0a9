import type { Stripe402Paywall } from '@stripe402/paywall'
import '../elements/test-cards.js'
import { localStripeLoader } from './load-local-stripe.js'
import { readPageConfig } from './page-config.js'

const config = await readPageConfig()

if (config.stripeJsUrl !== null) {
  const loadStripe = localStripeLoader(config.stripeJsUrl)
  // Set before the elements are defined: an element takes over what it finds.
  for (const paywall of document.querySelectorAll('stripe402-paywall')) paywall.loadStripe = loadStripe
}

await import('@stripe402/paywall/define')

// Not before: until then nothing keeps a paywall's hint from being seen.
for (const cards of document.querySelectorAll('demo-test-cards')) cards.mode = config.mode

/** The paywall of this page, ready. */
export function paywallOfPage(): Stripe402Paywall {
  const paywall = document.querySelector('stripe402-paywall')
  if (!paywall) throw new Error('This page has no paywall.')
  return paywall
}
