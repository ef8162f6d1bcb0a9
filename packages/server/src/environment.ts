import { ConfigurationError } from './configuration-error.js'
import { createStripe402, type Stripe402 } from './create-stripe402.js'
import { LEAST_SECRET_BYTES, type Logger } from './settings.js'
import { storeFromEnvironment } from './store-from-environment.js'

/** The environment variables that configure the one-liner; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>

interface Variable {
  purpose: string
  make: string
}

/** Either of them will do. */
export const STORE = 'REDIS_URL or DATABASE_URL'

/** How to try it without an account and without a network. */
const WITHOUT_STRIPE = "that of the demo's local Stripe (STRIPE_API_BASE=http://localhost:4243)"

const REQUIRED: Readonly<Record<string, Variable>> = {
  STRIPE_SECRET_KEY: {
    purpose: 'charges cards',
    make: `Copy sk_test_… from https://dashboard.stripe.com/test/apikeys; ${WITHOUT_STRIPE} is sk_test_local`,
  },
  STRIPE_PUBLISHABLE_KEY: {
    purpose: 'lets the page send a card to Stripe',
    make: `Copy pk_test_… from https://dashboard.stripe.com/test/apikeys; ${WITHOUT_STRIPE} is pk_test_local`,
  },
  SERVER_SECRET: {
    purpose: 'turns cards into client ids',
    make: "Make one with: node -p \"require('crypto').randomBytes(32).toString('hex')\"",
  },
  [STORE]: {
    purpose: 'keeps balances, which memory would lose at every restart and no other process can see',
    make: 'Set one of them, in production and for npx stripe402',
  },
}

/**
 * Makes the engine from environment variables.
 *
 * `REDIS_URL` or `DATABASE_URL` choose the store; with neither, balances live in memory, which is said loudly, and
 * `NODE_ENV=production` refuses to start.
 *
 * @throws ConfigurationError naming the variables that are missing or weak, what they are for and how to make them.
 */
export function createStripe402FromEnvironment(
  environment: Environment,
  logger: Logger = console,
): Stripe402 {
  requireAll(environment, [
    'STRIPE_SECRET_KEY',
    'STRIPE_PUBLISHABLE_KEY',
    'SERVER_SECRET',
    ...(environment.NODE_ENV === 'production' ? [STORE] : []),
  ])
  const { STRIPE_SECRET_KEY: secretKey = '', STRIPE_PUBLISHABLE_KEY: publishableKey = '' } = environment
  const secret = secretsIn(environment)
  return named(environment, () =>
    createStripe402({
      stripe: { secretKey, apiBase: environment.STRIPE_API_BASE || undefined },
      publishableKey,
      secret,
      store: storeFromEnvironment(environment, logger).store,
      logger,
      ...(environment.STRIPE_WEBHOOK_SECRET && { webhookSecret: environment.STRIPE_WEBHOOK_SECRET }),
      ...(environment.PAYEE_NAME && { payee: { name: environment.PAYEE_NAME } }),
      ...(environment.PAYWALL_SCRIPT_URL && { paywallScriptUrl: environment.PAYWALL_SCRIPT_URL }),
      ...(environment.MIN_TOP_UP && { topUp: { min: Number(environment.MIN_TOP_UP) } }),
    }),
  )
}

/**
 * The variables without which nothing works.
 *
 * @throws ConfigurationError that names all that are missing, says what they are for and how to make them.
 */
export function requireAll(environment: Environment, names: readonly string[]): void {
  const missing = names.filter((name) => !name.split(' or ').some((one) => environment[one]))
  if (missing.length === 0) return
  const mends = missing.map((name) => {
    const { purpose, make } = REQUIRED[name] ?? { purpose: 'is needed', make: 'Set it' }
    return missing.length === 1 ? `It ${purpose}. ${make}` : `\n  ${name} ${purpose}. ${make}`
  })
  throw new ConfigurationError(missing.join(', '), `not set. ${mends.join('')}`)
}

/**
 * The secrets in `SERVER_SECRET`, newest first: several stand there with commas between them while one replaces another.
 *
 * @throws ConfigurationError when a comma leaves a part that is too short to be a secret.
 */
export function secretsIn(environment: Environment): readonly string[] {
  const { SERVER_SECRET: given = '' } = environment
  const secrets = given.split(',').map((part) => part.trim())
  const short = secrets.findIndex((secret) => Buffer.byteLength(secret) < LEAST_SECRET_BYTES)
  if (secrets.length === 1 || short === -1) return secrets
  throw new ConfigurationError(
    'SERVER_SECRET',
    `has a comma, which separates secrets (newest first), and part ${short + 1} of ${secrets.length} is shorter than ` +
      `${LEAST_SECRET_BYTES} bytes. Use a secret without a comma, or give several of at least ${LEAST_SECRET_BYTES} bytes each.`,
  )
}

const OPTION_VARIABLES: Readonly<Record<string, string>> = {
  'stripe.secretKey': 'STRIPE_SECRET_KEY',
  'stripe.apiBase': 'STRIPE_API_BASE',
  publishableKey: 'STRIPE_PUBLISHABLE_KEY',
  webhookSecret: 'STRIPE_WEBHOOK_SECRET',
  secret: 'SERVER_SECRET',
  schema: 'DATABASE_SCHEMA',
  payee: 'PAYEE_NAME',
  'payee.name': 'PAYEE_NAME',
  paywallScriptUrl: 'PAYWALL_SCRIPT_URL',
  'topUp.min': 'MIN_TOP_UP',
  topUp: 'MIN_TOP_UP',
}

/** Errors name the option; who set variables wants to hear of the variable. */
export function named(environment: Environment, make: () => Stripe402): Stripe402 {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const variable = OPTION_VARIABLES[error.setting]
    if (variable === undefined || environment[variable] === undefined) throw error
    throw new ConfigurationError(variable, error.message.slice(error.setting.length + 2))
  }
}
