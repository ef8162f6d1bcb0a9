import type { PaywallAction } from '../state/paywall-state.js'

/** What a view needs besides the state: how to write amounts, and where presses go. */
export interface ViewContext {
  /** Units of a currency as a person reads them. */
  readonly money: (units: number, currency: string) => string
  readonly count: (count: number) => string
  readonly direction: 'ltr' | 'rtl'
  readonly language: string
  /** Part of the page, instead of in front of it. */
  readonly isInPlace: boolean
  readonly dispatch: (action: PaywallAction) => void
  /** The person does not want to pay, or is done reading. */
  readonly dismiss: () => void
  /** The colours around have changed. */
  readonly relook: () => void
  /** Tries to load the card form again. */
  readonly reload: () => void
  /** Asks about an unknown outcome once more. */
  readonly recheck: () => void
  /** In place: asks for the resource once more. */
  readonly again: () => void
}
