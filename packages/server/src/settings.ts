import {
  chargeableUnits,
  maximumChargeUnits,
  minimumChargeUnits,
  type Payee,
  readPaymentRequiredBody,
  STRIPE402_VERSION,
} from '@stripe402/core'
import type Stripe from 'stripe'
import { deriveIssuer } from './client-id.js'
import { ConfigurationError } from './configuration-error.js'
import type { EventListener } from './events.js'
import { type ChallengeHook, type Limits, readLimits } from './limits/limits.js'
import type { Runtime } from './runtime.js'
import { systemRuntime } from './runtime.js'
import type { Store } from './store.js'
import { type StripeConnection, stripeClient } from './stripe-client.js'

/** What a top-up may be, in units. */
export interface TopUpLimits {
  min: number
  max: number
  /** Amounts offered to the person, smallest first. */
  options: number[]
}

/** Where warnings and faults are told. `console` fits. */
export interface Logger {
  warn(message: string): void
  error(message: string): void
}

/** Everything a seller decides. */
export interface Stripe402Options {
  /** A `Stripe` instance, or what is needed to make one. */
  stripe: Stripe | StripeConnection
  /** `pk_…` of the same Stripe account and mode. */
  publishableKey: string
  /** At least 32 bytes each. Several for a rotation, newest first: it makes new ids, older ones still find accounts. */
  secret: string | readonly string[]
  store: Store
  /** Lower-case ISO 4217 of plain prices. Default `usd`. */
  currency?: string
  /** Limits for `currency`. Default: 10 times Stripe's minimum charge ($5), its double and fourfold, at most 100 times. */
  topUp?: Partial<TopUpLimits>
  /** Limits for further currencies, by code. */
  topUpIn?: Readonly<Record<string, Partial<TopUpLimits>>>
  payee?: Payee
  /** `whsec_…` of the webhook endpoint. Without it the endpoint answers 503 and closed tabs wait for the sweeper. */
  webhookSecret?: string
  logger?: Logger
  onEvent?: EventListener
  settle?: 'after-response' | 'before-response'
  /** Script with `<stripe402-paywall>` for the page that answers a browser's navigation to a paid URL. */
  paywallScriptUrl?: string
  /** How long one call to Stripe may take before its outcome counts as unknown. Default 20,000. */
  stripeTimeoutMs?: number
  /** How long a request waits for another top-up of the same account. Default 15,000. */
  waitMs?: number
  /** An open top-up that nobody touched for this long has lost its process; anybody may carry it on. Default 5,000. */
  takeOverMs?: number
  /** A hold returns to the payer so long after its process has died; while that lives, it is renewed. Default 300,000. */
  holdMs?: number
  /** How often the engine sweeps by itself (see `sweep`), in the background; 0: you call it. Default 15,000. */
  sweepEveryMs?: number
  /** How often cards may be tried (see `Limits`); what is left out has its default. `false`: you limit it elsewhere. */
  limits?: Partial<Limits> | false
  /**
   * What a bare `clientId` may do. `until-bound` (the default): spend while no device's key is bound to the account, as
   * clients of the original protocol do; `always`; or `never`, when every client of yours has a key.
   */
  bearerClientId?: 'until-bound' | 'always' | 'never'
  /** Offers to keep the cards of people who agree, for their next top-up. Default `true`. */
  keepCards?: boolean
  /**
   * Lets the cookie of a browser's session pay for its navigations, up to 10,000 units each, so that a paid page opens at
   * once. Default true. Without it such a page is loaded by the paywall.
   */
  navigationCookie?: boolean
  /**
   * The origins that browsers know this shop by, such as `https://shop.example`: a key's proof for another one proves nothing. Default:
   * any, because behind a proxy only the seller knows.
   */
  origins?: readonly string[]
  /** Lets a stranger who proved enough try a card while cards are being tested. */
  challenge?: ChallengeHook
  /** Clock, sleep and randomness; injected by tests. */
  runtime?: Partial<Runtime>
}

/** Options with every default filled in and every value checked. */
export interface Settings {
  stripe: Stripe
  publishableKey: string
  /** Newest first; never empty. */
  secrets: readonly [string, ...string[]]
  /** One name per secret; any of them marks a PaymentIntent as ours. */
  issuers: readonly [string, ...string[]]
  store: Store
  currency: string
  /** Every currency that has limits or a price, the preferred first. */
  currencies: readonly string[]
  /** @throws {@link ConfigurationError} when Stripe cannot charge in that currency. */
  topUpLimits(currency: string): TopUpLimits
  payee: Payee | undefined
  webhookSecret: string | undefined
  logger: Logger
  onEvent: EventListener | undefined
  settle: 'after-response' | 'before-response'
  paywallScriptUrl: string | undefined
  stripeTimeoutMs: number
  waitMs: number
  takeOverMs: number
  holdMs: number
  sweepEveryMs: number
  /** `null`: none. */
  limits: Limits | null
  challenge: ChallengeHook | undefined
  bearerClientId: 'until-bound' | 'always' | 'never'
  keepCards: boolean
  navigationCookie: boolean
  /** `null`: any. */
  origins: readonly string[] | null
  runtime: Runtime
}

/** As many as a digest has. */
export const LEAST_SECRET_BYTES = 32
/** Clients read no more. */
const MOST_OPTIONS = 12

/**
 * Checks a seller's options once.
 *
 * @throws {@link ConfigurationError} that names the setting, what it is for and how to make one.
 */
export function resolveSettings(options: Stripe402Options): Settings {
  const secrets = readSecrets(options.secret)
  const currency = (options.currency ?? 'usd').toLowerCase()
  const limits = new Map<string, TopUpLimits>()
  const given: Readonly<Record<string, Partial<TopUpLimits>>> = {
    ...options.topUpIn,
    [currency]: options.topUp ?? options.topUpIn?.[currency] ?? {},
  }
  const topUpLimits = (code: string): TopUpLimits => {
    const known = limits.get(code) ?? readTopUpLimits(code, given[code] ?? {})
    limits.set(code, known)
    return known
  }
  for (const code of Object.keys(given)) topUpLimits(code)
  if (!/^pk_[A-Za-z0-9_]+$/.test(options.publishableKey ?? ''))
    throw new ConfigurationError(
      'publishableKey',
      'must be the publishable key of your Stripe account (pk_test_… or pk_live_…).',
    )
  // Whoever writes no TypeScript may leave anything out.
  if (typeof options.store?.hold !== 'function')
    throw new ConfigurationError(
      'store',
      'keeps the credit and is missing; give new RedisStore(…), new PostgresStore(…) or a Store of your own.',
    )
  return {
    stripe: stripeClient(options.stripe, options.publishableKey),
    publishableKey: options.publishableKey,
    secrets,
    issuers: [deriveIssuer(secrets[0]), ...secrets.slice(1).map(deriveIssuer)],
    store: options.store,
    currency,
    get currencies() {
      // Limits are looked up for every price: whoever may top up in a currency can see what is left of it.
      return [currency, ...[...limits.keys()].filter((code) => code !== currency)]
    },
    topUpLimits,
    payee: readPayee(options.payee, options.publishableKey),
    webhookSecret: readWebhookSecret(options.webhookSecret),
    logger: options.logger ?? console,
    onEvent: options.onEvent,
    settle: options.settle ?? 'after-response',
    paywallScriptUrl: options.paywallScriptUrl,
    stripeTimeoutMs: readSpan('stripeTimeoutMs', options.stripeTimeoutMs ?? 20_000),
    waitMs: readSpan('waitMs', options.waitMs ?? 15_000),
    takeOverMs: readSpan('takeOverMs', options.takeOverMs ?? 5000),
    holdMs: readSpan('holdMs', options.holdMs ?? 300_000),
    sweepEveryMs: options.sweepEveryMs === 0 ? 0 : readSpan('sweepEveryMs', options.sweepEveryMs ?? 15_000),
    limits: readLimits(options.limits),
    challenge: options.challenge,
    bearerClientId: options.bearerClientId ?? 'until-bound',
    keepCards: options.keepCards ?? true,
    navigationCookie: options.navigationCookie ?? true,
    origins: readOrigins(options.origins),
    runtime: { ...systemRuntime, ...options.runtime },
  }
}

function readSecrets(secret: string | readonly string[]): readonly [string, ...string[]] {
  const [newest, ...older] = typeof secret === 'string' ? [secret] : (secret ?? [])
  for (const candidate of [newest, ...older])
    if (typeof candidate !== 'string' || Buffer.byteLength(candidate) < LEAST_SECRET_BYTES)
      throw new ConfigurationError(
        'secret',
        `must have at least ${LEAST_SECRET_BYTES} bytes; it turns cards into client ids and cannot be changed without a rotation. ` +
          "Make one with: node -p \"require('crypto').randomBytes(32).toString('hex')\"",
      )
  if (newest === undefined) throw new ConfigurationError('secret', 'is missing.')
  return [newest, ...older]
}

/** Setting it to nothing, as an unset variable does, is not setting it: anybody can sign with an empty secret. */
function readWebhookSecret(secret: string | undefined): string | undefined {
  if (!secret) return undefined
  if (/^whsec_\S+$/.test(secret)) return secret
  throw new ConfigurationError(
    'webhookSecret',
    'must be the signing secret of your webhook endpoint (whsec_…), from https://dashboard.stripe.com/webhooks',
  )
}

/** Clients refuse a whole challenge for one member that they cannot read; better that the seller hears of it. */
function readPayee(payee: Payee | undefined, publishableKey: string): Payee | undefined {
  if (payee === undefined) return undefined
  const offer = { scheme: 'stripe', currency: 'usd', amount: 0, minTopUp: 0, publishableKey, payee }
  const challenge = { stripe402Version: STRIPE402_VERSION, resource: { url: '/' }, accepts: [offer] }
  if (readPaymentRequiredBody(JSON.stringify(challenge)).ok) return payee
  throw new ConfigurationError(
    'payee',
    'must have a name of at most 500 characters; supportUrl and termsUrl are whole http(s) URLs or left out.',
  )
}

function readOrigins(origins: readonly string[] | undefined): readonly string[] | null {
  if (origins === undefined) return null
  for (const origin of origins)
    if (!URL.canParse(origin) || new URL(origin).origin !== origin || !origin.startsWith('http'))
      throw new ConfigurationError('origins', `"${origin}" is not an origin such as https://shop.example.`)
  if (origins.length === 0) throw new ConfigurationError('origins', 'is empty; leave it out for any.')
  return origins
}

function readSpan(name: string, ms: number): number {
  if (Number.isSafeInteger(ms) && ms > 0) return ms
  throw new ConfigurationError(name, `${ms} is not a time: use whole milliseconds, at least 1.`)
}

function readTopUpLimits(currency: string, given: Partial<TopUpLimits>): TopUpLimits {
  if (!/^[a-z]{3}$/.test(currency))
    throw new ConfigurationError('currency', `"${currency}" is not an ISO 4217 code.`)
  const floor = minimumChargeUnits(currency)
  const min = given.min ?? Math.max(floor * 10, 50_000)
  const max = given.max ?? Math.max(min * 100, ...(given.options ?? []))
  const options = given.options ?? [min, min * 2, min * 4].filter((units) => units <= max)
  for (const units of [min, max, ...options])
    if (!Number.isSafeInteger(units) || units <= 0 || units > maximumChargeUnits(currency))
      throw new ConfigurationError(
        'topUp',
        `${units} is not an amount in units that a card can be charged in ${currency}.`,
      )
  if (chargeableUnits(min, currency) < floor)
    throw new ConfigurationError(
      'topUp.min',
      `${min} units are below Stripe's minimum charge of ${floor} units in ${currency}.`,
    )
  if (options.length > MOST_OPTIONS)
    throw new ConfigurationError(
      'topUp.options',
      `offers ${options.length} amounts; give at most ${MOST_OPTIONS}.`,
    )
  if (max < min) throw new ConfigurationError('topUp.max', `${max} is below topUp.min, ${min}.`)
  if (options.some((units) => units < min || units > max))
    throw new ConfigurationError('topUp.options', `every amount must lie between ${min} and ${max}.`)
  return { min, max, options: [...options].sort((a, b) => a - b) }
}
