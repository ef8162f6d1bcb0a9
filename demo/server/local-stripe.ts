import { randomBytes } from 'node:crypto'
import { startStripeLocal } from '@stripe402/stripe-local'
import type { StripeKeys } from './demo-settings.js'
import { portError } from './listen.js'

/** The local Stripe as the demo uses it. */
export interface LocalStripe {
  /** As a person types it: `http://localhost:4243`. */
  url: string
  keys: StripeKeys
  /** From now on, events go there. */
  deliverTo(webhookUrl: string): void
  close(): Promise<void>
}

/**
 * Starts a Stripe of our own. Its account follows from the secret key, so a card has the same fingerprint after a
 * restart, and so the same balance.
 *
 * @throws DemoError when the port is taken.
 */
export async function startLocalStripe(port: number): Promise<LocalStripe> {
  const server = await startStripeLocal({ port }).catch((error) => {
    throw portError(error, port, 'STRIPE_LOCAL_PORT')
  })
  const { keys, webhooks } = server.stripeLocal
  const webhookSecret = `whsec_${randomBytes(24).toString('hex')}`
  return {
    url: `http://localhost:${server.port}`,
    keys: { ...keys, apiBase: server.url, webhookSecret },
    deliverTo: (url) => void webhooks.add({ url, secret: webhookSecret }),
    close: server.close,
  }
}
