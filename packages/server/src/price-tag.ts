import { maximumChargeUnits } from '@stripe402/core'
import { ConfigurationError } from './configuration-error.js'
import type { PaidRequest } from './paid-request.js'
import { type Amount, type FixedPrice, type Price, readAmounts } from './price.js'
import type { Settings } from './settings.js'

/** What a seller says about a paid resource. */
export interface PriceOptions {
  price: Price
  /** Currency of a plain number; the engine's when absent. */
  currency?: string
  /** Shown to the person who pays. At most 10,000 characters; of what a function says, the rest is cut. */
  description?: string | ((request: PaidRequest) => string)
  mimeType?: string
  /** Smallest top-up in units for this resource; the engine's when absent. */
  minTopUp?: number
  /** Who has paid sees it again free of charge for this long: `'24h'`, `'30m'`, `'7d'` or milliseconds. */
  access?: string | number
  /**
   * `after-response` (default) captures off the critical path, at most 10 ms later: a crash in between costs the
   * seller, never the buyer. `before-response` waits for the capture before the first byte; it is the default beside
   * `access`, which begins with the capture: a reload must not overtake it.
   */
  settle?: 'after-response' | 'before-response'
}

/** Checked and ready to be asked; made once per route. */
export interface PriceTag {
  /** Amounts, the preferred currency first; empty when the request is free. A fixed price is known at once. */
  amounts(request: PaidRequest): readonly Amount[] | Promise<readonly Amount[]>
  description(request: PaidRequest): string | undefined
  mimeType: string | undefined
  minTopUp: number | undefined
  accessMs: number | undefined
  settle: 'after-response' | 'before-response'
}

/** Clients refuse a whole challenge for one text that is longer. */
const LONGEST_DESCRIPTION = 10_000
const LONGEST_MIME_TYPE = 255

const SPAN_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Checks a seller's price once, at start-up.
 *
 * @throws {@link ConfigurationError} for a price, currency, top-up, text or access time that cannot work.
 */
export function priceTag(options: PriceOptions, settings: Settings): PriceTag {
  const currency = (options.currency ?? settings.currency).toLowerCase()
  const { price, description } = options
  const read = (amount: FixedPrice): Amount[] =>
    unlessFree(offered(readAmounts(amount, currency), settings, options.minTopUp))
  const { minTopUp } = options
  if (minTopUp !== undefined && !(Number.isSafeInteger(minTopUp) && minTopUp > 0))
    throw new ConfigurationError('minTopUp', `${minTopUp} is not a positive whole number of units.`)
  checkText('description', description, LONGEST_DESCRIPTION)
  checkText('mimeType', options.mimeType, LONGEST_MIME_TYPE)
  const settle = options.settle ?? (options.access === undefined ? settings.settle : 'before-response')
  if (settle !== 'after-response' && settle !== 'before-response')
    throw new ConfigurationError('settle', `"${settle}" is neither 'after-response' nor 'before-response'.`)
  return {
    amounts: typeof price === 'function' ? priceBy(price, read) : fixed(read(price)),
    description: typeof description === 'function' ? describeBy(description) : () => description,
    mimeType: options.mimeType,
    minTopUp,
    accessMs: options.access === undefined ? undefined : readSpan(options.access),
    settle,
  }
}

function checkText(setting: string, text: unknown, longest: number): void {
  if (typeof text === 'string' && text.length > longest)
    throw new ConfigurationError(setting, `has ${text.length} characters; clients read at most ${longest}.`)
}

/** A text that is made per request is seen by nobody before: rather a part of it than a challenge that nobody can read. */
function cut(text: string): string {
  // No half of a character that takes two.
  return text.slice(0, LONGEST_DESCRIPTION).replace(/[\ud800-\udbff]$/, '')
}

function priceBy(
  price: Exclude<Price, FixedPrice>,
  read: (amount: FixedPrice) => Amount[],
): PriceTag['amounts'] {
  return async (request) => {
    try {
      return read(await price(request))
    } catch (thrown) {
      throw faultIn('price', thrown)
    }
  }
}

function describeBy(description: (request: PaidRequest) => string): PriceTag['description'] {
  return (request) => {
    try {
      return cut(description(request))
    } catch (thrown) {
      throw faultIn('description', thrown)
    }
  }
}

/** Always an error: to some frameworks nothing at all, thrown or rejected, means to go on. */
function faultIn(setting: string, thrown: unknown): Error {
  if (thrown instanceof Error) return thrown
  return new Error(
    `The function "${setting}" of a price threw something that is no error; it is the cause.`,
    {
      cause: thrown,
    },
  )
}

function fixed(amounts: Amount[]): () => Amount[] {
  return () => amounts
}

function unlessFree(amounts: Amount[]): Amount[] {
  return amounts.every((amount) => amount.units === 0) ? [] : amounts
}

/** Every currency of a price needs top-up limits; asking for them refuses an unusable one. */
function offered(amounts: Amount[], settings: Settings, minTopUp = 0): Amount[] {
  for (const { currency } of amounts) {
    settings.topUpLimits(currency)
    if (minTopUp > maximumChargeUnits(currency))
      throw new ConfigurationError(
        'minTopUp',
        `${minTopUp} units are more than one charge in ${currency} can be.`,
      )
  }
  return amounts
}

function readSpan(span: string | number): number {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhd])$/.exec(String(span)) ?? []
  const ms = typeof span === 'number' ? span : Number(count || Number.NaN) * (SPAN_MS[unit] ?? Number.NaN)
  if (!Number.isSafeInteger(ms) || ms <= 0)
    throw new ConfigurationError(
      'access',
      `${JSON.stringify(span)} is not a time; write '30m', '24h' or '7d'.`,
    )
  return ms
}
