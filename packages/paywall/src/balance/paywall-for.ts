import type { Stripe402Paywall } from '../paywall-element.js'

const TAG = 'stripe402-paywall'

/**
 * The paywall that tops up: the one with an id, the first of the page, or one that is made for this.
 *
 * @throws Error when the element is not defined
 */
export function paywallFor(id: string | null): Stripe402Paywall {
  if (!customElements.get(TAG))
    throw new Error(`<${TAG}> is not defined: import @stripe402/paywall/define, which defines both elements.`)
  const found = document.querySelector<Stripe402Paywall>(id === null ? TAG : `${TAG}#${CSS.escape(id)}`)
  if (found) return found
  const made = document.createElement(TAG)
  made.manual = true
  return document.body.appendChild(made)
}
