import type Stripe from 'stripe'
import { addWebhookEndpoint } from './api/webhook-endpoints.js'
import { createId } from './ids.js'
import { type WebhookEndpointRecord, webhookEndpointObject } from './objects/webhook-endpoint.js'
import { postEvent } from './webhook-post.js'
import { API_VERSION, listensTo, type World } from './world.js'

/** What happens to events that are to be sent from now on. */
export type WebhookMode = 'deliver' | 'hold' | 'drop' | 'duplicate' | 'shuffle' | 'delay'

/** One event on its way to one endpoint. */
export interface Delivery {
  readonly id: string
  readonly event: Stripe.EventBase
  readonly endpoint: string
  readonly url: string
  /** `waiting`: for its delay or for the next try. */
  state: 'held' | 'waiting' | 'sending' | 'delivered' | 'failed' | 'dropped'
  /** When it is due, by the clock; for `waiting` only. */
  dueAtMs: number
  /** The answers so far: a status, or null where there was none. */
  attempts: (number | null)[]
}

/** An endpoint to send events to. */
export interface WebhookTarget {
  url: string
  secret: string
  /** Absent: every event. */
  events?: string[]
}

/** The sending of events. */
export interface Webhooks {
  mode: WebhookMode
  /** How late `delay` sends, by the clock. */
  delayMs: number
  readonly endpoints: readonly Stripe.WebhookEndpoint[]
  readonly deliveries: readonly Delivery[]
  add(target: WebhookTarget): Stripe.WebhookEndpoint
  /** Sends what is held, and what waits and is due, in the given order; under `shuffle` in a random one. */
  flush(order?: (deliveries: Delivery[]) => Delivery[]): Promise<void>
  /** Sends an event again, as Stripe sometimes does. */
  redeliver(eventId: string): Promise<void>
  /** Resolves when nothing is being sent; held and waiting deliveries stay where they are. */
  settled(): Promise<void>
}

/** The sending of events as the local Stripe drives it. */
export interface WebhookSender extends Webhooks {
  onEvent(event: Stripe.EventBase): void
  clear(): void
  close(): void
}

/** What the sender needs. */
export interface WebhookOptions {
  world: () => World
  clock: () => number
  /** True where the clock is the machine's, so that a timer knows when a retry is due. */
  hasTimer: boolean
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Pauses before the next try; together about three days. */
const BACKOFF_MS = [
  5 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  20 * HOUR_MS,
]

/** Makes a sender that delivers at once. */
export function createWebhooks({ world, clock, hasTimer }: WebhookOptions): WebhookSender {
  let deliveries: Delivery[] = []
  const sending = new Set<Promise<void>>()
  let closing = new AbortController()
  let timer: NodeJS.Timeout | undefined

  function track(delivery: Delivery): void {
    delivery.state = 'sending'
    const sent = send(delivery, closing.signal).finally(() => sending.delete(sent))
    sending.add(sent)
  }

  async function send(delivery: Delivery, signal: AbortSignal): Promise<void> {
    // The API call that caused the event is to be answered first, as a rule; webhooks give no order.
    await new Promise((resolve) => setImmediate(resolve))
    const endpoint = world().webhookEndpoints.get(delivery.endpoint)
    const status =
      signal.aborted || !endpoint
        ? null
        : await postEvent({ endpoint, event: delivery.event, nowMs: clock(), closing: signal })
    if (signal.aborted || !endpoint) {
      delivery.state = 'dropped'
      return
    }
    delivery.attempts.push(status)
    if (status !== null && status >= 200 && status < 300) {
      delivery.state = 'delivered'
      return
    }
    const pauseMs = BACKOFF_MS[delivery.attempts.length - 1]
    if (pauseMs === undefined) delivery.state = 'failed'
    else wait(delivery, pauseMs)
  }

  function wait(delivery: Delivery, pauseMs: number): void {
    delivery.state = 'waiting'
    delivery.dueAtMs = clock() + pauseMs
    setTimer()
  }

  function setTimer(): void {
    clearTimeout(timer)
    const waiting = deliveries.filter(({ state }) => state === 'waiting')
    if (!hasTimer || waiting.length === 0) return
    const nextMs = Math.min(...waiting.map(({ dueAtMs }) => dueAtMs)) - clock()
    timer = setTimeout(() => {
      void sendEach(waiting.filter(({ dueAtMs }) => dueAtMs <= clock())).then(setTimer)
    }, nextMs)
    timer.unref()
  }

  /** One after the other, so that an order stays an order. */
  async function sendEach(ready: Delivery[]): Promise<void> {
    for (const delivery of ready) {
      if (delivery.state !== 'held' && delivery.state !== 'waiting') continue
      track(delivery)
      await settled()
    }
  }

  function enqueue(event: Stripe.EventBase, endpoint: WebhookEndpointRecord): Delivery {
    const delivery: Delivery = {
      id: createId('whd'),
      event,
      endpoint: endpoint.id,
      url: endpoint.url,
      state: 'held',
      dueAtMs: 0,
      attempts: [],
    }
    deliveries.push(delivery)
    return delivery
  }

  function add(event: Stripe.EventBase, endpoint: WebhookEndpointRecord): void {
    const delivery = enqueue(event, endpoint)
    if (sender.mode === 'deliver' || sender.mode === 'duplicate') track(delivery)
    if (sender.mode === 'drop') delivery.state = 'dropped'
    if (sender.mode === 'delay') wait(delivery, sender.delayMs)
  }

  async function settled(): Promise<void> {
    while (sending.size > 0) await Promise.all(sending)
  }

  const sender: WebhookSender = {
    mode: 'deliver',
    delayMs: SECOND_MS,
    get endpoints() {
      return [...world().webhookEndpoints.values()].map((record) =>
        webhookEndpointObject(record, API_VERSION),
      )
    },
    get deliveries() {
      return deliveries
    },
    add(target) {
      const record = addWebhookEndpoint(world(), { ...target, enabledEvents: target.events ?? ['*'] })
      return webhookEndpointObject(record, API_VERSION)
    },
    async flush(order = sender.mode === 'shuffle' ? shuffled : (all) => all) {
      const ready = deliveries.filter(
        ({ state, dueAtMs }) => state === 'held' || (state === 'waiting' && dueAtMs <= clock()),
      )
      await sendEach(order(ready))
    },
    async redeliver(eventId) {
      const event = world().events.get(eventId)
      if (!event) throw new Error(`No event ${eventId}.`)
      for (const endpoint of world().webhookEndpoints.values()) {
        if (listensTo(endpoint, event.type)) track(enqueue(event, endpoint))
      }
      await settled()
    },
    settled,
    onEvent(event) {
      for (const endpoint of world().webhookEndpoints.values()) {
        if (!listensTo(endpoint, event.type)) continue
        add(event, endpoint)
        if (sender.mode === 'duplicate') add(event, endpoint)
      }
    },
    clear() {
      if (sending.size > 0) closing = abandon(closing)
      clearTimeout(timer)
      deliveries = []
      sender.mode = 'deliver'
    },
    close() {
      closing.abort()
      clearTimeout(timer)
    },
  }
  return sender
}

/** Breaks off what is being sent; what is sent later goes its own way. */
function abandon(closing: AbortController): AbortController {
  closing.abort()
  return new AbortController()
}

function shuffled(deliveries: Delivery[]): Delivery[] {
  return deliveries
    .map((delivery) => ({ delivery, rank: Math.random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ delivery }) => delivery)
}
