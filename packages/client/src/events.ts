import type { Payment, PaymentRequired, PaymentResponse } from '@stripe402/core'

/** The request that an event is about. */
export interface EventRequest {
  readonly origin: string
  readonly url: string
  readonly method: string
}

/** Payloads by event name. All of them are frozen. */
export interface ClientEventMap {
  /** Credit is missing. Cancelable: `preventDefault()` hands the 402 to the app. */
  'payment-required': EventRequest & { readonly challenge: PaymentRequired }
  /** Another tab is asking the person to pay; this request waits for what comes of it, until `isWaiting` is false. */
  'payment-elsewhere': EventRequest & { readonly isWaiting: boolean }
  /** A top-up went through. `receipt` is null when the server's CORS settings hide it. */
  paid: EventRequest & { readonly receipt: PaymentResponse | null }
  /** A request is sent again, with a payment. */
  retry: EventRequest
  /** The credit of this origin and currency changed. Units. */
  'balance-change': { readonly origin: string; readonly currency: string; readonly balance: number }
  /** The payment was definitely refused. */
  declined: EventRequest & { readonly challenge: PaymentRequired }
  /** Something kept a payment from happening; `code` is literal, `message` is for a developer. */
  error: EventRequest & { readonly code: string; readonly message: string; readonly cause?: unknown }
  /**
   * One HTTP exchange that carried at least one of the three headers, decoded. Times in milliseconds;
   * `startedAt` since the epoch.
   */
  exchange: EventRequest & {
    readonly status: number
    readonly payment: Readonly<Payment> | null
    readonly challenge: PaymentRequired | null
    readonly receipt: PaymentResponse | null
    readonly startedAt: number
    readonly durationMs: number
  }
}

/** A typed event: the payload is `event.detail`. */
export type ClientEvent<K extends keyof ClientEventMap> = CustomEvent<ClientEventMap[K]>

/**
 * Listens to one kind of event, typed. Returns what stops listening.
 *
 * @example
 * ```ts
 * const events = new EventTarget()
 * const paidFetch = wrapFetch(fetch, { payer, events })
 * const stop = listen(events, 'balance-change', ({ detail }) => console.log(detail.balance))
 * ```
 */
export function listen<K extends keyof ClientEventMap>(
  events: EventTarget,
  type: K,
  listener: (event: ClientEvent<K>) => void,
): () => void {
  const handle = (event: Event): void => {
    if (event instanceof CustomEvent) listener(event)
  }
  events.addEventListener(type, handle)
  return () => events.removeEventListener(type, handle)
}

/** Reports an event. False when a listener prevented what would come next. */
export function emit<K extends keyof ClientEventMap>(
  events: EventTarget | undefined,
  type: K,
  detail: ClientEventMap[K],
): boolean {
  // A listener that throws is reported by the runtime (window.onerror, uncaughtException), as for any EventTarget.
  return (
    events?.dispatchEvent(new CustomEvent(type, { detail: Object.freeze(detail), cancelable: true })) ?? true
  )
}
