import { isStripe402Error, type Stripe402Error } from '@stripe402/core'
import { createParser } from 'eventsource-parser'
import { baseUrl } from '../scope.js'

/** How to reach the stream. */
export interface PaidEventSourceOptions {
  /** A fetch that pays: what `wrapFetch` returns. The global one when absent, which pays after `install`. */
  fetch?: typeof globalThis.fetch | undefined
  /** Sends cookies to other origins. */
  withCredentials?: boolean | undefined
  /** Sent with each connection; the platform's `EventSource` cannot. */
  headers?: HeadersInit | undefined
}

/** An `EventSource`, and the status that the platform's hides. */
export interface PaidEventSource extends EventSource {
  /** HTTP status of the latest answer; null before the first. 402: nobody paid. */
  readonly status: number | null
  /** Why it has given up, where paying ended in one of our errors; null else. */
  readonly error: Stripe402Error | null
}

const [CONNECTING, OPEN, CLOSED] = [0, 1, 2] as const
/** What browsers wait before they connect again, until the server names another time. */
const RECONNECT_MS = 3000

/**
 * Server-sent events from a resource that may have to be paid for: `EventSource` over a fetch that pays.
 *
 * Behaves as the platform's: connects again when the stream ends, with the last event's id; gives up on an answer
 * that is not an event stream, and on an error of the payment. Each connection is a request of its own, and is paid like one.
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
  #lastEventId = ''
  #reconnectMs = RECONNECT_MS

  constructor(url: string | URL, { fetch, withCredentials = false, headers }: PaidEventSourceOptions) {
    super()
    try {
      this.url = new URL(url, baseUrl()).href
    } catch {
      throw new DOMException(`${url} is not a URL.`, 'SyntaxError')
    }
    this.withCredentials = withCredentials
    this.#fetch = fetch ?? ((...args) => globalThis.fetch(...args))
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
      try {
        await this.#read(await this.#request())
      } catch (error) {
        // The network failed, or the stream broke off: both are reasons to connect again. Paying again is not.
        if (isStripe402Error(error)) this.#giveUp(error)
      }
      if (this.#isClosed()) return
      this.readyState = CONNECTING
      this.dispatchEvent(new Event('error'))
      await this.#pause()
    }
  }

  #isClosed(): boolean {
    return this.readyState === CLOSED
  }

  #request(): Promise<Response> {
    if (this.#lastEventId) this.#headers.set('last-event-id', this.#lastEventId)
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
    this.readyState = OPEN
    this.dispatchEvent(new Event('open'))
    const { origin } = new URL(url || this.url)
    const parser = createParser({
      onEvent: ({ event = 'message', data, id }) => {
        if (id !== undefined) this.#lastEventId = id
        if (this.#isClosed()) return
        this.dispatchEvent(new MessageEvent(event, { data, origin, lastEventId: this.#lastEventId }))
      },
      onRetry: (retryMs) => {
        this.#reconnectMs = retryMs
      },
    })
    const reader = body.pipeThrough(new TextDecoderStream()).getReader()
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) parser.feed(piece.value)
  }

  #giveUp(error: Stripe402Error | null): void {
    if (this.#isClosed()) return
    this.error = error
    this.close()
    this.dispatchEvent(new Event('error'))
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#reconnectMs)
      this.#current.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
  }
}
