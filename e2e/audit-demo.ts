import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createStripe402, PostgresStore, type Stripe402 } from '@stripe402/server'
import type { StripeLocal } from '@stripe402/stripe-local'
import { keptSecret } from '../demo/dist/server/server-secret.js'

/** A test may end while a payment is on its way; longer than this nothing may take. */
const SETTLE_MS = 2000

/** Every rule that a ledger breaks, checked against its Stripe; a line each. */
export async function breaksOf(stripe402: Stripe402): Promise<string[]> {
  const { breaks } = await stripe402.audit({ settleMs: SETTLE_MS })
  return breaks.map(({ rule, account, detail }) => `${rule} ${account.currency}: ${detail}`)
}

/** The same for a demo that has ended, from the folder that it left. */
export async function breaksInFolder(
  dataFolder: string,
  stripe: { url: string; stripeLocal: StripeLocal },
): Promise<string[]> {
  const pglite = await PGlite.create(join(dataFolder, 'pglite'))
  const { secretKey, publishableKey } = stripe.stripeLocal.keys
  const stripe402 = createStripe402({
    stripe: { secretKey, apiBase: stripe.url },
    publishableKey,
    secret: await keptSecret(dataFolder),
    store: new PostgresStore(pglite),
    sweepEveryMs: 0,
  })
  const breaks = await breaksOf(stripe402)
  await stripe402.close()
  await pglite.close()
  return breaks
}
