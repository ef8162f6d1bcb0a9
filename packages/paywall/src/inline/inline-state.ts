import type { PaymentRequired } from '@stripe402/core'

/** What an inline paywall (`src`) shows. */
export type InlineState =
  /** Nothing was asked yet, or the answer is on its way: the teaser, and room for the panel. */
  | { readonly step: 'loading' }
  /** The resource wants to be paid for. */
  | { readonly step: 'locked'; readonly challenge: PaymentRequired; readonly origin: string }
  /** The person pays; the panel stays. */
  | { readonly step: 'unlocking'; readonly challenge: PaymentRequired; readonly origin: string }
  /** The resource is shown, or was handed over. */
  | { readonly step: 'open' }
  /** `isPaid`: a payment went with the request, and was taken. */
  | { readonly step: 'failed'; readonly isPaid?: boolean }
