import { createRequire } from 'node:module'
import { ConfigurationError } from './configuration-error.js'
import { createStripe402, type Stripe402 } from './create-stripe402.js'
import type { Logger } from './settings.js'
import { MemoryStore, PostgresStore, RedisStore } from './store/index.js'
import type { Store } from './store.js'

/** The environment variables that configure the one-liner; `process.env` fits. */
export type Environment = Readonly<Record<string, string | undefined>>

interface Variable {
  purpose: string
  make: string
}

const REQUIRED: Readonly<Record<string, Variable>> = {
  STRIPE_SECRET_KEY: {
    purpose: 'charges cards',
    make: 'Copy sk_test_… from https://dashboard.stripe.com/test/apikeys',
  },
  STRIPE_PUBLISHABLE_KEY: {
    purpose: 'lets the page send a card to Stripe',
    make: 'Copy pk_test_… from https://dashboard.stripe.com/test/apikeys',
  },
  SERVER_SECRET: {
    purpose: 'turns cards into client ids',
    make: "Make one with: node -p \"require('crypto').randomBytes(32).toString('hex')\"",
  },
}

/**
 * Makes the engine from environment variables.
 *
 * `REDIS_URL` or `DATABASE_URL` choose the store; with neither, balances live in memory, which is said loudly, and
 * `NODE_ENV=production` refuses to start.
 *
 * @throws ConfigurationError naming the variable that is missing or weak, what it is for and how to make one.
 */
export function createStripe402FromEnvironment(
  environment: Environment,
  logger: Logger = console,
): Stripe402 {
  const read = (name: string): string => {
    const value = environment[name]
    const variable = REQUIRED[name]
    if (value) return value
    throw new ConfigurationError(name, `is not set. It ${variable?.purpose}. ${variable?.make}`)
  }
  const secretKey = read('STRIPE_SECRET_KEY')
  const publishableKey = read('STRIPE_PUBLISHABLE_KEY')
  const secret = read('SERVER_SECRET')
    .split(',')
    .map((part) => part.trim())
  return named(environment, () =>
    createStripe402({
      stripe: { secretKey, apiBase: environment.STRIPE_API_BASE || undefined },
      publishableKey,
      secret,
      store: storeFrom(environment, logger),
      logger,
      ...(environment.STRIPE_WEBHOOK_SECRET && { webhookSecret: environment.STRIPE_WEBHOOK_SECRET }),
      ...(environment.MIN_TOP_UP && { topUp: { min: Number(environment.MIN_TOP_UP) } }),
    }),
  )
}

const OPTION_VARIABLES: Readonly<Record<string, string>> = {
  'stripe.secretKey': 'STRIPE_SECRET_KEY',
  'stripe.apiBase': 'STRIPE_API_BASE',
  publishableKey: 'STRIPE_PUBLISHABLE_KEY',
  webhookSecret: 'STRIPE_WEBHOOK_SECRET',
  secret: 'SERVER_SECRET',
  'topUp.min': 'MIN_TOP_UP',
  topUp: 'MIN_TOP_UP',
}

/** Errors name the option; who set variables wants to hear of the variable. */
function named(environment: Environment, make: () => Stripe402): Stripe402 {
  try {
    return make()
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    const variable = OPTION_VARIABLES[error.setting]
    if (variable === undefined || environment[variable] === undefined) throw error
    throw new ConfigurationError(variable, error.message.slice(error.setting.length + 2))
  }
}

function storeFrom(environment: Environment, logger: Logger): Store {
  if (environment.REDIS_URL && environment.DATABASE_URL)
    throw new ConfigurationError(
      'REDIS_URL',
      'and DATABASE_URL are both set; credit lives in one place, so keep one of them.',
    )
  if (environment.REDIS_URL) {
    const { Redis }: typeof import('ioredis') = load('ioredis', 'REDIS_URL')
    const redis = new Redis(environment.REDIS_URL)
    redis.on('error', () => logger.error('stripe402: the connection to Redis broke.'))
    return new RedisStore(redis, { logger })
  }
  if (environment.DATABASE_URL) {
    const { Pool }: typeof import('pg') = load('pg', 'DATABASE_URL')
    const pool = new Pool({ connectionString: environment.DATABASE_URL })
    // An idle connection that breaks is an 'error' event, and without a listener the end of the process.
    pool.on('error', () => logger.error('stripe402: an idle connection to PostgreSQL broke.'))
    return new PostgresStore(pool)
  }
  if (environment.NODE_ENV === 'production')
    throw new ConfigurationError(
      'REDIS_URL',
      'or DATABASE_URL must be set in production: without them balances would be lost at every restart.',
    )
  logger.warn(
    'stripe402: neither REDIS_URL nor DATABASE_URL is set: balances live in memory and are LOST when this process ends.',
  )
  return new MemoryStore()
}

/** Optional peers are loaded when they are asked for, so that nobody needs both. */
function load<T>(name: string, variable: string): T {
  try {
    return createRequire(import.meta.url)(name)
  } catch (cause) {
    throw new ConfigurationError(
      variable,
      `is set, but the package "${name}" could not be loaded (${String(cause)}). Install it: npm install ${name}`,
    )
  }
}
