import {
  ERROR_STATUS,
  type ErrorCode,
  encodeHeader,
  HEADERS,
  type NextAction,
  type Payment,
  type PaymentRequired,
  serializePaymentResponse,
} from '@stripe402/core'
import type { Serving } from './shop-answers.fixture.js'
import { accountOf, type Shop, settle } from './shop-books.fixture.js'

/** What a request would buy. Price in units. */
export interface Sale {
  path: string
  price: number
  payment: Payment | null
}

/** Takes the price of a request. `'paid'`: its receipt is on the response; else the request is answered. */
export function takePayment(
  shop: Shop,
  { path, price, payment }: Sale,
  { response }: Serving,
): 'paid' | 'answered' {
  const currency = payment?.currency ?? shop.currencies[0] ?? 'usd'
  const refuse = (error?: ErrorCode, nextAction?: NextAction): 'answered' => {
    const challenge: PaymentRequired = {
      stripe402Version: 1,
      resource: { url: path, description: 'A thing · 物 · شيء 🎿' },
      accepts: shop.currencies.map((one) => ({
        scheme: 'stripe',
        currency: one,
        amount: payment?.paymentMethodId === 'pm_declined_dearer' ? 900_000 : price,
        minTopUp: shop.minTopUp,
        publishableKey: payment?.paymentMethodId === 'pm_declined_key' ? 'pk_test_somebody' : 'pk_test_shop',
      })),
      error,
      message: error && `In words: ${error}`,
      nextAction,
      decline:
        error === 'card_declined' ? { code: 'insufficient_funds', advice: 'use_another_card' } : undefined,
    }
    response.writeHead(error ? ERROR_STATUS[error] : 402, {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(shop.hidesHeaders ? {} : { [HEADERS.PAYMENT_REQUIRED]: encodeHeader(challenge) }),
    })
    response.end(JSON.stringify({ ...challenge, errorCode: error }))
    return 'answered'
  }
  const answer = (status: number, retryAfter: string, errorCode: ErrorCode): 'answered' => {
    const headers = { 'retry-after': retryAfter, 'content-type': 'application/json' }
    response.writeHead(status, headers).end(JSON.stringify({ errorCode }))
    return 'answered'
  }
  const nowMs = Date.now() + (shop.clockAheadMs ?? 0)
  response.setHeader('date', new Date(shop.hidesDate ? Date.now() : nowMs).toUTCString())
  if (!payment) return refuse()
  if (payment.purchaseId) {
    const outcome = settle(shop, payment, payment.purchaseId)
    if (outcome === 'lost') {
      response.destroy()
      return 'answered'
    }
    if (outcome === 'pending') return answer(409, '1', 'payment_pending')
    if (outcome === 'busy') return answer(429, '60', 'rate_limited')
    if (outcome === 'authentication_required')
      return refuse(outcome, {
        type: 'use_stripe_sdk',
        paymentIntentId: `pi_${payment.purchaseId.replaceAll('-', '')}`,
        clientSecret: 'pi_secret',
        purchaseId: payment.purchaseId,
      })
    if (outcome !== 'paid') return refuse(outcome)
  }
  if (shop.clockAheadMs !== null && !payment.purchaseId && !isSignedAt(nowMs, payment))
    return refuse('proof_required')
  const clientId = payment.purchaseId ? accountOf(shop) : payment.clientId
  const key = `${clientId} ${currency}`
  const balance = shop.balances[key] ?? 0
  const id = payment.requestId ?? ''
  const charged = shop.served.has(id) ? 0 : price
  if (!clientId || balance < charged) return refuse('insufficient_credits')
  shop.balances[key] = balance - charged
  if (id) shop.served.set(id, price)
  const receipt = serializePaymentResponse({
    success: true,
    clientId,
    creditsRemaining: balance - charged,
    currency,
    charged,
    chargeId: payment.purchaseId && 'pi_charge',
  })
  if (!shop.hidesHeaders && !path.includes('receipt=no'))
    response.setHeader(HEADERS.PAYMENT_RESPONSE, receipt)
  return 'paid'
}

/** Whether the proof is of this moment, give or take five minutes. Its signature is the server's to check. */
function isSignedAt(nowMs: number, { proof }: Payment): boolean {
  const [, claims = ''] = proof?.split('.') ?? []
  const { iat }: { iat?: unknown } = claims ? JSON.parse(Buffer.from(claims, 'base64url').toString()) : {}
  return typeof iat === 'number' && Math.abs(iat * 1000 - nowMs) < 300_000
}
