import {
  type Decoded,
  type PaymentRequired,
  type PaymentResponse,
  readHeader,
  readJson,
  STRIPE402_VERSION,
} from '@stripe402/core'
import { list, matching, maybe, members, text, units } from './shape.js'

// The same rules as the schemas of @stripe402/core, without the weight of a schema library: a page loads this
// before anything is due. A property test holds the two against each other.
const CLIENT_ID = matching(/^[0-9a-f]{64}$/)
const UUID = matching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
const CURRENCY = matching(/^[a-z]{3}$/)
const WEB_URL = (value: unknown): boolean => text(2048)(value) && matching(/^https?:\/\//i)(value)
const ANY_UNITS = units(Number.MIN_SAFE_INTEGER)

const isPaymentRequired = members({
  resource: members({ url: text(8192), description: maybe(text(10_000)), mimeType: maybe(text(255)) }),
  accepts: list(
    members({
      scheme: (value) => value === 'stripe',
      currency: CURRENCY,
      amount: units(0),
      minTopUp: units(0),
      publishableKey: matching(/^pk_\w{1,200}$/),
      description: maybe(text(10_000)),
      maxTopUp: maybe(units(0)),
      topUpOptions: maybe(list(units(1), 0, 12)),
      payee: maybe(members({ name: text(500), supportUrl: maybe(WEB_URL), termsUrl: maybe(WEB_URL) })),
      balance: maybe(ANY_UNITS),
    }),
    1,
    50,
  ),
  error: maybe(text(100)),
  message: maybe(text(2000)),
  nextAction: maybe(
    members({
      type: (value) => value === 'use_stripe_sdk',
      paymentIntentId: matching(/^pi_\w{1,200}$/),
      clientSecret: text(500),
      purchaseId: UUID,
    }),
  ),
  decline: maybe(members({ code: text(100), advice: text(100) })),
})

const isPaymentResponse = members({
  success: (value) => typeof value === 'boolean',
  clientId: CLIENT_ID,
  creditsRemaining: ANY_UNITS,
  chargeId: maybe(text(255)),
  currency: maybe(CURRENCY),
  charged: maybe(units(0)),
  purchaseId: maybe(UUID),
  session: maybe(text(2048)),
})

/** What a 402 turned out to be. `foreign`: another protocol's, which is nobody's error. */
export type Reading = PaymentRequired | 'foreign' | 'unreadable'

/** Reads an untrusted `payment-required` header. Never throws. */
export function readChallengeHeader(header: string): Reading {
  return readChallenge(readHeader(header))
}

/** Reads the JSON body of a 402 whose header cannot be seen. Never throws. */
export function readChallengeBody(body: string): Reading {
  return readChallenge(readJson(body))
}

/** Reads an untrusted `payment-response` header. Never throws; null when there is no usable receipt. */
export function readReceipt(header: string | null): PaymentResponse | null {
  const decoded = readHeader(header)
  return decoded.ok && isPaymentResponse(decoded.value) ? (decoded.value as PaymentResponse) : null
}

function readChallenge(decoded: Decoded<unknown>): Reading {
  if (!decoded.ok) return 'unreadable'
  if (!isOurVersion(decoded.value)) return 'foreign'
  return isPaymentRequired(decoded.value) ? (decoded.value as PaymentRequired) : 'unreadable'
}

const isOurVersion = members({ stripe402Version: (value) => value === STRIPE402_VERSION })
