import { setupServer } from 'msw/node'
import Stripe from 'stripe'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { createStripeLocal, type StripeLocal, type StripeLocalOptions } from './index.js'

/** A local Stripe inside the test, with the official client in front of it. */
export interface InProcess {
  stripeLocal: StripeLocal
  /** With the secret key; it tries once, but for closed connections. */
  stripe: Stripe
  /** The same without interception: it times out, and closed connections print nothing. */
  direct: Stripe
  /** With the publishable key, as Stripe.js calls. */
  browser: Stripe
  clock: { nowMs: number }
}

export const HOUR_MS: number = 60 * 60 * 1000

/** Starts one for a test file; it is empty again after every test. */
export function useStripeLocal(options: StripeLocalOptions = {}): InProcess {
  const clock = { nowMs: Date.UTC(2026, 10, 1, 12) }
  const stripeLocal = createStripeLocal({ clock: () => clock.nowMs, ...options })
  const mock = setupServer(...stripeLocal.handlers)
  beforeAll(() => mock.listen({ onUnhandledRequest: 'bypass' }))
  afterEach(() => stripeLocal.reset())
  afterAll(() => mock.close())
  const settings = { telemetry: false, maxNetworkRetries: 0 }
  return {
    stripeLocal,
    stripe: new Stripe(stripeLocal.keys.secretKey, settings),
    direct: new Stripe(stripeLocal.keys.secretKey, {
      ...settings,
      timeout: 200,
      httpClient: stripeLocal.httpClient,
    }),
    browser: new Stripe(stripeLocal.keys.publishableKey, settings),
    clock,
  }
}

/** A card as a payer types it. */
export function typed(number: string, cvc = '123'): Stripe.PaymentMethodCreateParams {
  return { type: 'card', card: { number, exp_month: 12, exp_year: 2034, cvc } }
}

/** What a server of ours asks for. */
export const CARD_PAYMENT: Stripe.PaymentIntentCreateParams = {
  amount: 500,
  currency: 'usd',
  allowed_payment_method_types: ['card'],
}

/** The error that a call ends in. */
export async function failureOf(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  try {
    await call
  } catch (error) {
    if (error instanceof Stripe.errors.StripeError) return error
    throw error
  }
  throw new Error('The call succeeded.')
}
