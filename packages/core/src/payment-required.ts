import { type Decoded, encodeHeader, readHeader, readJson } from './header-codec.js'
import { STRIPE402_VERSION } from './headers.js'
import type { PurchaseId } from './ids.js'
import { CURRENCY, INTENT_ID, PUBLISHABLE_KEY, UUID, WEB_URL } from './patterns.js'
import { acceptShape, boolean, exactly, list, object, optional, pattern, text, units } from './shape.js'

/** Who is paid, as the person sees it. URLs are http(s). */
export interface Payee {
  name: string
  supportUrl?: string | undefined
  termsUrl?: string | undefined
}

/** One way to pay: one entry per currency. Amounts in units. */
export interface PaymentRequirements {
  scheme: 'stripe'
  currency: string
  /** Price of this request. */
  amount: number
  minTopUp: number
  publishableKey: string
  description?: string | undefined
  maxTopUp?: number | undefined
  topUpOptions?: number[] | undefined
  payee?: Payee | undefined
  /** Credit left; only told to a client that proved who it is. */
  balance?: number | undefined
  /** The seller keeps a card whose holder agrees: `saveCard` in a payment has an effect. */
  canSaveCard?: boolean | undefined
}

/** What is being paid for. `url` is the full path as requested, query included. */
export interface ResourceInfo {
  url: string
  description?: string | undefined
  mimeType?: string | undefined
}

/** What the browser has to do before the purchase can go on (3-D Secure). */
export interface NextAction {
  type: 'use_stripe_sdk'
  /** `pi_…`; `seti_…` where the bank only checks who it is, and nothing is charged. */
  paymentIntentId: string
  clientSecret: string
  purchaseId: PurchaseId
}

/** Why the bank said no, as much as a payer may know. */
export interface Decline {
  code: string
  advice: string
}

/** The `payment-required` header, and the start of a 402's JSON body. */
export interface PaymentRequired {
  stripe402Version: typeof STRIPE402_VERSION
  resource: ResourceInfo
  accepts: PaymentRequirements[]
  /** Absent on the first challenge. One of the error codes, or a newer one. */
  error?: string | undefined
  message?: string | undefined
  nextAction?: NextAction | undefined
  decline?: Decline | undefined
}

/** Above this many characters the optional long members stay out of the header (they are in the body). */
const COMFORTABLE_LENGTH = 4096

const webUrl = optional(pattern(WEB_URL))

const requirements = object<PaymentRequirements>({
  scheme: exactly('stripe'),
  currency: pattern(CURRENCY),
  amount: units(0),
  minTopUp: units(0),
  publishableKey: pattern(PUBLISHABLE_KEY),
  description: optional(text(10_000)),
  maxTopUp: optional(units(0)),
  topUpOptions: optional(list(units(1), 0, 12)),
  payee: optional(object<Payee>({ name: text(500), supportUrl: webUrl, termsUrl: webUrl })),
  balance: optional(units(Number.MIN_SAFE_INTEGER)),
  canSaveCard: optional(boolean),
})

const challengeShape = object<PaymentRequired>({
  stripe402Version: exactly(STRIPE402_VERSION),
  resource: object<ResourceInfo>({
    url: text(8192),
    description: optional(text(10_000)),
    mimeType: optional(text(255)),
  }),
  accepts: list(requirements, 1, 50),
  error: optional(text(100)),
  message: optional(text(2000)),
  nextAction: optional(
    object<NextAction>({
      type: exactly('use_stripe_sdk'),
      paymentIntentId: pattern(INTENT_ID),
      clientSecret: text(500),
      purchaseId: pattern(UUID),
    }),
  ),
  decline: optional(object<Decline>({ code: text(100), advice: text(100) })),
})

/** Reads an untrusted `payment-required` header. Never throws; other protocols answer `wrong_version`. */
export function readPaymentRequired(header: string | null | undefined): Decoded<PaymentRequired> {
  return acceptShape(readHeader(header), challengeShape)
}

/**
 * Reads the JSON body of a 402, for clients that cannot see the header (CORS). Never throws.
 *
 * A failure's body keeps the original's members, where `error` is the sentence and `errorCode` the code.
 */
export function readPaymentRequiredBody(body: string): Decoded<PaymentRequired> {
  const decoded = readJson(body)
  if (!decoded.ok) return decoded
  const { value } = decoded
  const hasCode = typeof value === 'object' && value !== null && 'errorCode' in value
  return acceptShape(
    { ok: true, value: hasCode ? { ...value, error: value.errorCode } : value },
    challengeShape,
  )
}

/**
 * Writes a `payment-required` header value, leaving long optional members out when it would pass 4 KiB: descriptions and
 * the message first, then who is paid.
 *
 * The body of the 402 keeps them all. What a client needs in order to pay always stays in: the offers with currency,
 * amount, limits and key, the error, the next action and the decline.
 */
export function serializePaymentRequired(challenge: PaymentRequired): string {
  const whole = encodeHeader(challenge)
  if (whole.length <= COMFORTABLE_LENGTH) return whole
  const { resource, message: _message, accepts, ...rest } = challenge
  const brief = accepts.map(({ description: _description, ...offer }) => offer)
  const plain = brief.map(({ payee: _payee, ...offer }) => offer)
  const url = shortUrl(resource.url)
  for (const offers of [brief, plain]) {
    const short = encodeHeader({ ...rest, resource: { url, mimeType: resource.mimeType }, accepts: offers })
    if (short.length <= COMFORTABLE_LENGTH) return short
  }
  const least = plain.map(({ topUpOptions: _options, ...offer }) => offer)
  // As many currencies as fit, in the order of preference.
  for (let count = least.length; count > 1; count--) {
    const fewer = encodeHeader({ ...rest, resource: { url }, accepts: least.slice(0, count) })
    if (fewer.length <= COMFORTABLE_LENGTH) return fewer
  }
  return encodeHeader({ ...rest, resource: { url }, accepts: least.slice(0, 1) })
}

/** The path alone, cut where no escape or character breaks. */
function shortUrl(url: string): string {
  if (url.length <= 256) return url
  const path = url.replace(/[?#].*$/s, '').slice(0, 256)
  return path.replace(/%[0-9a-f]?$/i, '').replace(/[\ud800-\udbff]$/, '')
}
