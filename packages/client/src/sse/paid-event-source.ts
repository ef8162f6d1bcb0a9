import { HEADERS, isStripe402Error, readPaymentResponse, Stripe402Error } from '@stripe402/core'
import { baseUrl } from '../scope.js'
import { readEvents } from './read-events.js'
import { type Reconnecting, reconnecting } from './reconnecting.js'

/** How to reach the stream. */
export interface PaidEventSourceOptions {
  /** A fetch that pays: what `wrapFetch` returns. The global one when absent, which pays after `install`. */
  fetch?: typeof globalThis.fetch | undefined
  /** Sends cookies to other origins. */
  withCredentials?: boolean | undefined
  /** Sent with each connection; the platform's `EventSource` cannot. */
  headers?: HeadersInit | undefined
  /** Waits before it connects again. For tests; rejects when the signal is aborted. */
  delay?: ((delayMs: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** An `EventSource`, and the status that the platform's hides. */
export interface PaidEventSource extends EventSource {
  /** HTTP status of the latest answer; null before the first. 402: nobody paid. */
  readonly status: number | null
  /** Why it has given up, where that is one of our errors: of the payment, or `PAID_IN_VAIN`; null else. */
  readonly error: Stripe402Error | null
}

const [CONNECTING, OPEN, CLOSED] = [0, 1, 2] as const

/**
 * Server-sent events from a resource that may have to be paid for: `EventSource` over a fetch that pays.
 *
 * Behaves as the platform's: connects again when the stream ends, with the last event's id; gives up on an answer
 * that is not an event stream, and on an error of the payment. Each connection is a request of its own, and is paid like one: after
 * those that bring no event it waits twice as long each time, and after five in a row that were paid for it gives up.
 *
 * @throws DOMException `SyntaxError` for what is no URL.
 * @example
 * ```ts
 * const prices = paidEventSource('/api/prices', { fetch: wrapFetch(fetch, { payer: async () => null }) })
 * prices.onmessage = ({ data }) => console.log(data)
 * ```
 */
export function paidEventSource(url: string | URL, options: PaidEventSourceOptions = {}): PaidEventSource {
  return new FetchEventSource(url, options)
}

class FetchEventSource extends EventTarget implements PaidEventSource {
  declare addEventListener: EventSource['addEventListener']
  declare removeEventListener: EventSource['removeEventListener']
  readonly CONNECTING: typeof CONNECTING = CONNECTING
  readonly OPEN: typeof OPEN = OPEN
  readonly CLOSED: typeof CLOSED = CLOSED
  readonly url: string
  readonly withCredentials: boolean
  readyState: 0 | 1 | 2 = CONNECTING
  status: number | null = null
  error: Stripe402Error | null = null
  readonly #fetch: typeof globalThis.fetch
  readonly #headers: Headers
  /** Ends the connection, or the wait for the next one. One for each: a signal keeps all that ever listened to it. */
  #current: AbortController = new AbortController()
  readonly #handlers: Map<string, EventListener> = new Map()
  readonly #reconnecting: Reconnecting = reconnecting()
  readonly #delay: NonNullable<PaidEventSourceOptions['delay']>
  #lastEventId = ''

  constructor(url: string | URL, options: PaidEventSourceOptions) {
    super()
    const { fetch, withCredentials = false, headers, delay = afterMs } = options
    try {
      this.url = new URL(url, baseUrl()).href
    } catch {
      throw new DOMException(`${url} is not a URL.`, 'SyntaxError')
    }
    this.withCredentials = withCredentials
    this.#fetch = fetch ?? ((...args) => globalThis.fetch(...args))
    this.#delay = delay
    this.#headers = new Headers(headers)
    this.#headers.set('accept', 'text/event-stream')
    void this.#connect()
  }

  get onopen(): EventSource['onopen'] {
    return this.#handlers.get('open') ?? null
  }
  set onopen(handler: EventSource['onopen']) {
    this.#handle('open', handler)
  }
  get onmessage(): EventSource['onmessage'] {
    return this.#handlers.get('message') ?? null
  }
  set onmessage(handler: EventSource['onmessage']) {
    this.#handle('message', handler)
  }
  get onerror(): EventSource['onerror'] {
    return this.#handlers.get('error') ?? null
  }
  set onerror(handler: EventSource['onerror']) {
    this.#handle('error', handler)
  }

  close(): void {
    this.readyState = CLOSED
    this.#current.abort()
  }

  #handle(type: string, handler: ((this: EventSource, event: MessageEvent) => unknown) | null): void {
    const known = this.#handlers.get(type)
    if (known) super.removeEventListener(type, known)
    this.#handlers.delete(type)
    if (!handler) return
    const listener: EventListener = (event) => Reflect.apply(handler, this, [event])
    this.#handlers.set(type, listener)
    super.addEventListener(type, listener)
  }

  /** From one connection to the next, until somebody closes or the server says something else. */
  async #connect(): Promise<void> {
    while (this.readyState !== CLOSED) {
      this.#current = new AbortController()
      this.#reconnecting.begin()
      try {
        await this.#read(await this.#request())
      } catch (error) {
        // The network failed, or the stream broke off: both are reasons to connect again. Paying again is not.
        if (isStripe402Error(error)) this.#giveUp(error)
      }
      if (this.#isClosed()) return
      const delayMs = this.#reconnecting.nextMs()
      if (delayMs === null) return this.#giveUp(paidInVain())
      this.readyState = CONNECTING
      this.dispatchEvent(new Event('error'))
      if (this.#isClosed()) return
      await this.#delay(delayMs, this.#current.signal).catch(() => {})
    }
  }

  #isClosed(): boolean {
    return this.readyState === CLOSED
  }

  #request(): Promise<Response> {
    return this.#fetch(this.url, {
      headers: this.#headers,
      cache: 'no-store',
      credentials: this.withCredentials ? 'include' : 'same-origin',
      signal: this.#current.signal,
    })
  }

  async #read({ status, headers, body, url }: Response): Promise<void> {
    this.status = status
    if (this.#isClosed()) return
    if (status !== 200 || !body || !/^text\/event-stream *(;|$)/i.test(headers.get('content-type') ?? '')) {
      body?.cancel().catch(() => {})
      return this.#giveUp(null)
    }
    if (isPaid(headers)) this.#reconnecting.paid()
    this.readyState = OPEN
    this.dispatchEvent(new Event('open'))
    const { origin } = new URL(url || this.url)
    await readEvents(body, {
      onId: (id) => this.#goOnAfter(id),
      onEvent: ({ event = 'message', data }) => {
        this.#reconnecting.brought()
        if (this.#isClosed()) return
        this.dispatchEvent(new MessageEvent(event, { data, origin, lastEventId: this.#lastEventId }))
      },
      onRetry: (retryMs) => this.#reconnecting.retryAfter(retryMs),
    })
  }

  /** Until an id comes, the header is the app's own. */
  #goOnAfter(id: string): void {
    this.#lastEventId = id
    // As UTF-8; a header takes a character for each byte.
    const bytes = Array.from(new TextEncoder().encode(id), (byte) => String.fromCharCode(byte))
    if (id) this.#headers.set('last-event-id', bytes.join(''))
    else this.#headers.delete('last-event-id')
  }

  #giveUp(error: Stripe402Error | null): void {
    if (this.#isClosed()) return
    this.error = error
    this.close()
    this.dispatchEvent(new Event('error'))
  }
}

/** Whether an answer says that it was paid for. */
function isPaid(headers: Headers): boolean {
  const receipt = readPaymentResponse(headers.get(HEADERS.PAYMENT_RESPONSE))
  return receipt.ok && receipt.value.charged !== 0
}

function paidInVain(): Stripe402Error {
  return new Stripe402Error(
    'PAID_IN_VAIN',
    'Several connections in a row were paid for and brought no event: connect again once the seller has mended that.',
  )
}

function afterMs(delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
