import type { Stripe, StripeConstructor } from '@stripe/stripe-js'

/**
 * Makes a loader for the local Stripe.js, which lives on another origin than the real one. Nothing is fetched before
 * it is called; a script that failed is tried again.
 */
export function localStripeLoader(stripeJsUrl: string): (publishableKey: string) => Promise<Stripe> {
  let script: Promise<StripeConstructor> | undefined
  return async (publishableKey) => {
    script ??= append(stripeJsUrl).catch((error) => {
      script = undefined
      throw error
    })
    const Stripe = await script
    return Stripe(publishableKey)
  }
}

function append(url: string): Promise<StripeConstructor> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = url
    script.onload = () => {
      if (window.Stripe) resolve(window.Stripe)
      else reject(new Error('The local Stripe.js came without a Stripe.'))
    }
    script.onerror = () => {
      script.remove()
      reject(new Error(`The local Stripe.js cannot be loaded from ${url}: is the demo still running?`))
    }
    document.head.append(script)
  })
}
