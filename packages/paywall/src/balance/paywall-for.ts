import type { Stripe402Paywall } from '../paywall-element.js'

const TAG = 'stripe402-paywall'

/**
 * The paywall that tops up a balance: the one that its `for` names, beside it or in the document, else the first of the
 * page, or one that is made for this.
 *
 * @throws Error when the element is not defined
 */
export function paywallFor(balance: Element & { readonly for: string | null }): Stripe402Paywall {
  if (!customElements.get(TAG))
    throw new Error(`<${TAG}> is not defined: import @stripe402/paywall/define, which defines both elements.`)
  const named = balance.for === null ? TAG : `${TAG}#${CSS.escape(balance.for)}`
  const beside = balance.getRootNode()
  const found =
    (balance.for !== null && beside instanceof ShadowRoot && beside.querySelector<Stripe402Paywall>(named)) ||
    document.querySelector<Stripe402Paywall>(named) ||
    document.querySelector<Stripe402Paywall>(TAG)
  if (found) return found
  const made = document.createElement(TAG)
  made.manual = true
  return document.body.appendChild(made)
}
