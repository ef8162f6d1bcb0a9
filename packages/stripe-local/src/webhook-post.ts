import { createHmac } from 'node:crypto'
import type Stripe from 'stripe'
import type { WebhookEndpointRecord } from './objects/webhook-endpoint.js'

const ANSWER_WITHIN_MS = 20_000

/** Signs a payload as `stripe.webhooks.constructEvent` expects it. */
function signatureHeader(payload: string, secret: string, nowMs: number): string {
  const timestamp = Math.floor(nowMs / 1000)
  const signature = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex')
  return `t=${timestamp},v1=${signature}`
}

/** What is to be posted. */
export interface WebhookPost {
  endpoint: WebhookEndpointRecord
  event: Stripe.EventBase
  nowMs: number
  closing: AbortSignal
}

/** Posts a signed event and gives the status of the answer, or null where none came. */
export async function postEvent({ endpoint, event, nowMs, closing }: WebhookPost): Promise<number | null> {
  const payload = JSON.stringify(event, null, 2)
  try {
    const response = await fetch(endpoint.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        'stripe-signature': signatureHeader(payload, endpoint.secret, nowMs),
      },
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    await response.arrayBuffer()
    return response.status
  } catch {
    return null
  }
}
