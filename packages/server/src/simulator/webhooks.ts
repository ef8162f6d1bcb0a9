import Stripe from 'stripe'
import type { SimulatedServer } from './simulated-server.js'
import type { Timeline } from './timeline.js'

/** Stripe's deliveries: at least once, in no order, for three days. */
export interface Webhooks {
  send(event: Stripe.EventBase): void
}

/** What the deliveries are made of. */
export interface WebhookParts {
  timeline: Timeline
  secret: string
  nextServer(): SimulatedServer
  /** How long after the event the first delivery comes. */
  delayMs(): number
}

/** The events that the seller's endpoint is subscribed to. */
const WANTED =
  /^(?:payment_intent\.(?:succeeded|payment_failed|canceled)|setup_intent\.setup_failed|refund\.|charge\.(?:refunded|dispute\.))/
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const BACKOFF_MS = [5000, MINUTE_MS, 5 * MINUTE_MS, HOUR_MS, 5 * HOUR_MS, 20 * HOUR_MS, 40 * HOUR_MS]

const signing = new Stripe('sk_test_local').webhooks

/** Makes the sender of a run. */
export function createWebhooks({ timeline, secret, nextServer, delayMs }: WebhookParts): Webhooks {
  async function deliver(payload: string, attempt: number): Promise<void> {
    const timestamp = Math.floor(timeline.nowMs() / 1000)
    const signature = signing.generateTestHeaderString({ payload, secret, timestamp })
    let isDropped = false
    const status = await nextServer()
      .webhook(payload, signature, () => {
        isDropped = true
      })
      .catch(() => null)
    const pauseMs = BACKOFF_MS[attempt]
    if (isDropped || pauseMs === undefined || (status !== null && status < 300)) return
    timeline.after(pauseMs, () => void deliver(payload, attempt + 1))
  }

  return {
    send(event) {
      if (!WANTED.test(event.type)) return
      const payload = JSON.stringify(event)
      timeline.after(delayMs(), () => void deliver(payload, 0))
    },
  }
}
