/** What a page has to know about the Stripe behind it; served as `/demo/config.json`. */
export interface PageConfig {
  /** Stripe.js of the local Stripe; `null`: the real loader. */
  stripeJsUrl: string | null
  publishableKey: string
  /** `local`: no money and no network. `test`: Stripe's own test mode. */
  mode: 'local' | 'test'
}
