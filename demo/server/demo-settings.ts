import { DemoError } from './demo-error.js'

/** The environment variables of the demo; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Keys of a Stripe account in test mode. */
export interface StripeKeys {
  secretKey: string
  publishableKey: string
  /** Another origin than https://api.stripe.com. */
  apiBase: string | undefined
  /** `whsec_…`; without it a tab closed during 3-D Secure waits for the sweeper. */
  webhookSecret: string | undefined
}

/** What the environment decides. */
export interface DemoSettings {
  /** 0: a free one. */
  port: number
  /** 0: a free one. */
  stripeLocalPort: number
  /** `null`: the local Stripe. */
  stripeKeys: StripeKeys | null
  redisUrl: string | undefined
  databaseUrl: string | undefined
  /** Newest first; `undefined`: one is kept in the data folder. */
  serverSecret: string[] | undefined
  /** `undefined`: the demo's own. */
  dataFolder: string | undefined
}

/**
 * Reads the environment once.
 *
 * @throws DemoError that names the variable and says what to write instead.
 */
export function readSettings(environment: Environment): DemoSettings {
  return {
    port: readPort(environment, 'PORT', 4242),
    stripeLocalPort: readPort(environment, 'STRIPE_LOCAL_PORT', 4243),
    stripeKeys: readKeys(environment),
    redisUrl: environment.REDIS_URL || undefined,
    databaseUrl: environment.DATABASE_URL || undefined,
    serverSecret: environment.SERVER_SECRET
      ? environment.SERVER_SECRET.split(',').map((secret) => secret.trim())
      : undefined,
    dataFolder: environment.DEMO_DATA || undefined,
  }
}

function readPort(environment: Environment, name: string, usual: number): number {
  const text = environment[name] || String(usual)
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (port <= 65_535) return port
  throw new DemoError(`${name} is "${text}", which is not a port: use 0 (any free one) to 65535.`)
}

function readKeys(environment: Environment): StripeKeys | null {
  const { STRIPE_SECRET_KEY: secretKey = '', STRIPE_PUBLISHABLE_KEY: publishableKey = '' } = environment
  if (secretKey === '' && publishableKey === '') return null
  if (secretKey === '' || publishableKey === '')
    throw new DemoError(
      `${secretKey ? 'STRIPE_PUBLISHABLE_KEY' : 'STRIPE_SECRET_KEY'} is missing: set both keys for Stripe's test mode, or neither for the local Stripe.`,
    )
  for (const [name, key] of Object.entries({
    STRIPE_SECRET_KEY: secretKey,
    STRIPE_PUBLISHABLE_KEY: publishableKey,
  }))
    if (key.includes('_live_'))
      throw new DemoError(`${name} is a live key. The demo sells pretend goods: use the test keys.`)
  return {
    secretKey,
    publishableKey,
    apiBase: environment.STRIPE_API_BASE || undefined,
    webhookSecret: environment.STRIPE_WEBHOOK_SECRET || undefined,
  }
}
