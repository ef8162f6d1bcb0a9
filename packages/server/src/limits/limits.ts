import { ConfigurationError } from '../configuration-error.js'
import type { PaidRequest } from '../paid-request.js'

/** At most so many within a time. */
export interface Limit {
  most: number
  withinMs: number
}

/** When cards are being tested, so that strangers have to prove more, or wait. */
export interface Breaker {
  /** So many finished attempts within the time say something. */
  attempts: number
  withinMs: number
  /** More declines than this share of them, and strangers are challenged until it is no longer so. */
  declineRatio: number
  /** Strangers who are let through while nobody asks them for more; see `challenge`. */
  trickle: Limit
}

/** How often a card may be tried. Acts before Stripe is called, and never on a request that merely spends a balance. */
export interface Limits {
  /** Attempts to top up from one address: an IPv4 address, or an IPv6 network of 64 bits; four times as many from one of 48. */
  attemptsPerAddress: Limit
  /** Different cards from one address. */
  cardsPerAddress: Limit
  /** Declines, after which an address waits. */
  declinesPerAddress: Limit
  /** Declines of one card, from wherever. */
  declinesPerCard: Limit
  /** Attempts to top up one account. */
  attemptsPerAccount: Limit
  /** Retries of one attempt: the same purchase with the same card. */
  repeatsPerAttempt: Limit
  /** Questions from one address about payments that the store does not know, and Stripe may. */
  lookupsPerAddress: Limit
  /** The same in all. */
  lookupsInAll: Limit
  /** Questions from one address about one purchase that has not ended: a bank check, or an outcome that is not known. */
  looksPerPurchase: Limit
  /** Attempts to top up in all; Stripe itself takes about 25 requests a second. */
  attemptsInAll: Limit
  breaker: Breaker
}

/**
 * Asked for every attempt of a stranger while the breaker is open: has this one proved enough, by a captcha say? What it
 * throws counts as no. `'bank-check'` lets it through and has its bank check the person (3-D Secure `any`), where the bank
 * can; such an attempt does reach Stripe.
 */
export type ChallengeHook = (request: PaidRequest) => ChallengeAnswer | Promise<ChallengeAnswer>

/** What a {@link ChallengeHook} may say. */
export type ChallengeAnswer = boolean | 'bank-check'

const MINUTE = 60_000
const HOUR = 3_600_000

const DEFAULTS: Limits = {
  attemptsPerAddress: { most: 5, withinMs: 10 * MINUTE },
  cardsPerAddress: { most: 3, withinMs: HOUR },
  declinesPerAddress: { most: 3, withinMs: HOUR },
  declinesPerCard: { most: 3, withinMs: 24 * HOUR },
  attemptsPerAccount: { most: 3, withinMs: 10 * MINUTE },
  repeatsPerAttempt: { most: 30, withinMs: 10 * MINUTE },
  lookupsPerAddress: { most: 30, withinMs: 10 * MINUTE },
  lookupsInAll: { most: 5, withinMs: 1000 },
  looksPerPurchase: { most: 600, withinMs: 10 * MINUTE },
  attemptsInAll: { most: 15, withinMs: 1000 },
  breaker: {
    attempts: 20,
    withinMs: 5 * MINUTE,
    declineRatio: 0.5,
    trickle: { most: 10, withinMs: MINUTE },
  },
}

/**
 * Fills in the defaults. `null`: the seller limits attempts elsewhere.
 *
 * @throws {@link ConfigurationError} for a number that limits nothing or everything by mistake.
 */
export function readLimits(given: Partial<Limits> | false | undefined): Limits | null {
  if (given === false) return null
  const limits = { ...DEFAULTS, ...given }
  const { breaker, ...others } = limits
  for (const [name, { most, withinMs }] of Object.entries({ ...others, 'breaker.trickle': breaker.trickle }))
    if (!isCount(most) || !isCount(withinMs))
      throw new ConfigurationError(
        `limits.${name}`,
        'must be { most, withinMs }, whole numbers of at least 1; `limits: false` switches all of them off.',
      )
  const { attempts, withinMs, declineRatio } = breaker
  if (!isCount(attempts) || !isCount(withinMs) || !(declineRatio > 0 && declineRatio < 1))
    throw new ConfigurationError(
      'limits.breaker',
      'needs attempts and withinMs of at least 1 and a declineRatio between 0 and 1.',
    )
  return limits
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value > 0
}
