import { createStripe402, type Stripe402 } from '../create-stripe402.js'
import { type Environment, named, requireAll, STORE, secretsIn } from '../environment.js'
import type { Logger } from '../settings.js'
import { storeFromEnvironment } from '../store-from-environment.js'

/** The engine of the server whose environment this is, and a way to leave it. */
export interface OpenSeller {
  stripe402: Stripe402
  close(): Promise<void>
}

/**
 * Opens the store and Stripe account of a server from the same variables. A publishable key is not needed.
 *
 * @throws ConfigurationError for a variable that is missing or weak.
 */
export async function openSeller(environment: Environment, logger: Logger): Promise<OpenSeller> {
  requireAll(environment, ['STRIPE_SECRET_KEY', 'SERVER_SECRET', STORE])
  const { STRIPE_SECRET_KEY: secretKey = '' } = environment
  const secret = secretsIn(environment)
  const [, mode = 'test'] = /^(?:sk|rk)_(test|live)_/.exec(secretKey) ?? []
  const { store, close } = storeFromEnvironment(environment, logger, {
    isPatient: false,
    trimsHistory: false,
    // An audit reads whole tables; it may take its time, but not for ever.
    patience: { connectMs: 5000, answerMs: 120_000 },
  })
  try {
    const stripe402 = named(environment, () =>
      createStripe402({
        stripe: { secretKey, apiBase: environment.STRIPE_API_BASE || undefined },
        // Nothing here shows a card form; only its mode is checked.
        publishableKey: `pk_${mode}_unused`,
        secret,
        store,
        logger,
        sweepEveryMs: 0,
      }),
    )
    return {
      stripe402,
      async close() {
        await stripe402.close()
        await close()
      },
    }
  } catch (error) {
    // An open connection would keep the process alive.
    await close()
    throw error
  }
}
