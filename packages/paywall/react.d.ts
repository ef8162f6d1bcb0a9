import type { DetailedHTMLProps, HTMLAttributes } from 'react'
import type { Stripe402Balance, Stripe402EventMap, Stripe402Paywall } from './dist/index.js'

/** React 19 listens to the event `name` of a custom element through the property `onname`. */
type Listeners = {
  [Name in keyof Stripe402EventMap as `on${Name}`]?: (event: Stripe402EventMap[Name]) => void
}

type Properties<Element, Own extends keyof Element> = DetailedHTMLProps<HTMLAttributes<Element>, Element> &
  Partial<Pick<Element, Own>> &
  Listeners

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'stripe402-paywall': Properties<
        Stripe402Paywall,
        'origins' | 'src' | 'manual' | 'confirm' | 'mode' | 'prompt' | 'theme' | 'stripe' | 'loadStripe'
      >
      'stripe402-balance': Properties<Stripe402Balance, 'origin' | 'currency' | 'for' | 'theme'>
    }
  }
}
