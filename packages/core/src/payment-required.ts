import * as v from 'valibot'
import { type Decoded, encodeHeader, readHeader, readJson } from './header-codec.js'
import { STRIPE402_VERSION } from './headers.js'
import { type PurchaseId, purchaseIdSchema, stripeIdSchema } from './ids.js'
import { acceptShape, currencySchema, unitsSchema } from './message.js'

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

const text = (max: number): v.GenericSchema<string> => v.pipe(v.string(), v.maxLength(max))
const webUrl = v.pipe(text(2048), v.regex(/^https?:\/\//i))

const requirements = v.object({
  scheme: v.literal('stripe'),
  currency: currencySchema,
  amount: unitsSchema(0),
  minTopUp: unitsSchema(0),
  publishableKey: stripeIdSchema('pk'),
  description: v.optional(text(10_000)),
  maxTopUp: v.optional(unitsSchema(0)),
  topUpOptions: v.optional(v.pipe(v.array(unitsSchema(1)), v.maxLength(12))),
  payee: v.optional(
    v.object({ name: text(500), supportUrl: v.optional(webUrl), termsUrl: v.optional(webUrl) }),
  ),
  balance: v.optional(unitsSchema(Number.MIN_SAFE_INTEGER)),
})

const schema = v.object({
  stripe402Version: v.literal(STRIPE402_VERSION),
  resource: v.object({
    url: text(8192),
    description: v.optional(text(10_000)),
    mimeType: v.optional(text(255)),
  }),
  accepts: v.pipe(v.array(requirements), v.minLength(1), v.maxLength(50)),
  error: v.optional(text(100)),
  message: v.optional(text(2000)),
  nextAction: v.optional(
    v.object({
      type: v.literal('use_stripe_sdk'),
      paymentIntentId: stripeIdSchema('pi'),
      clientSecret: text(500),
      purchaseId: purchaseIdSchema,
    }),
  ),
  decline: v.optional(v.object({ code: text(100), advice: text(100) })),
})

/** Reads an untrusted `payment-required` header. Never throws; other protocols answer `wrong_version`. */
export function readPaymentRequired(header: string | null | undefined): Decoded<PaymentRequired> {
  return acceptShape(readHeader(header), schema)
}

/** Reads the JSON body of a 402, for clients that cannot see the header (CORS). Never throws. */
export function readPaymentRequiredBody(body: string): Decoded<PaymentRequired> {
  return acceptShape(readJson(body), schema)
}

/**
 * Writes a `payment-required` header value, leaving long optional members out when it would pass 4 KiB.
 *
 * The body of the 402 keeps them all. What a client needs in order to pay always stays in.
 */
export function serializePaymentRequired(challenge: PaymentRequired): string {
  const whole = encodeHeader(challenge)
  if (whole.length <= COMFORTABLE_LENGTH) return whole
  const { description: _text, ...resource } = challenge.resource
  const { message: _message, ...rest } = challenge
  const short = encodeHeader({
    ...rest,
    resource: { ...resource, url: resource.url.slice(0, 1024) },
    accepts: challenge.accepts.map(({ description: _d, payee: _p, ...requirement }) => requirement),
  })
  if (short.length <= COMFORTABLE_LENGTH) return short
  return encodeHeader({
    ...rest,
    resource: { url: resource.url.slice(0, 256) },
    accepts: challenge.accepts
      .slice(0, 1)
      .map(({ description: _d, payee: _p, topUpOptions: _o, ...least }) => least),
  })
}
