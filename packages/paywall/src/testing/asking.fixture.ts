import type { Stripe } from '@stripe/stripe-js'
import type { PaymentContext } from '@stripe402/client'
import type { PaymentRequired } from '@stripe402/core'
import type { Stripe402Paywall } from '../index.js'

/** What a seller asks for a request of 5 cents. */
export function challengeOf(publishableKey = 'pk_test_a'): PaymentRequired {
  return {
    stripe402Version: 1,
    resource: { url: '/api/weather' },
    accepts: [
      {
        scheme: 'stripe',
        currency: 'usd',
        amount: 500,
        minTopUp: 50_000,
        publishableKey,
        payee: { name: 'Forecast' },
      },
    ],
  }
}

let sessions = 0

/** The next payment session of an origin. */
export function newContext(origin = 'https://forecast.example'): PaymentContext {
  return {
    id: `session-${++sessions}`,
    origin,
    currency: 'usd',
    url: `${origin}/api/weather`,
    method: 'GET',
    signal: new AbortController().signal,
    attempt: 1,
    savedCard: async () => null,
    reason: 'payment',
  }
}

/** What a test decides about the Stripe.js that an element is given. */
export interface StripeStandIn {
  /** What the card form tells once it is mounted; nothing when absent. */
  tells?: 'ready' | 'loaderror'
  createPaymentMethod?: () => Promise<unknown>
  handleNextAction?: () => Promise<unknown>
  /** What `elements.submit()` answers: nothing wrong when absent. */
  submit?: () => Promise<unknown>
  /** Told of the form's place, and given how its fields tell of an event. */
  onMount?: (node: HTMLElement, tell: (type: string) => void) => void
}

/** Gives an element the part of Stripe.js that it uses, with a form without fields. */
export function standInForStripe(element: Stripe402Paywall, options: StripeStandIn): void {
  element.stripe = stripeStandIn(options)
}

/** The part of Stripe.js that an element uses, with a form without fields. */
export function stripeStandIn({ tells, submit, onMount, ...calls }: StripeStandIn): Stripe {
  const create = (): unknown => {
    const listeners = new Map<string, (event: unknown) => void>()
    return {
      on: (type: string, listener: (event: unknown) => void) => listeners.set(type, listener),
      mount(node: HTMLElement) {
        onMount?.(node, (type) => listeners.get(type)?.({}))
        if (tells) queueMicrotask(() => listeners.get(tells)?.({ error: new Error('No form.') }))
      },
      destroy: () => listeners.clear(),
    }
  }
  const elements = (): unknown => ({ create, submit: submit ?? (async () => ({})), update() {} })
  const stripe: Partial<Record<keyof Stripe, unknown>> = { elements, ...calls }
  return stripe as unknown as Stripe
}

/** A paywall that is called as a payer only, whose Stripe.js never comes. */
export function quietPaywall(): Stripe402Paywall {
  const element = document.createElement('stripe402-paywall')
  element.manual = true
  element.prompt = 'dialog'
  element.loadStripe = () => new Promise(() => {})
  return element
}

/** The same as the only thing in a page in English. */
export function mountQuietPaywall(): Stripe402Paywall {
  document.documentElement.lang = 'en'
  const element = quietPaywall()
  document.body.replaceChildren(element)
  return element
}
