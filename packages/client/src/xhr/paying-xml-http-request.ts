import { HEADERS } from '@stripe402/core'
import { snapshotBody } from '../body-snapshot.js'
import type { PayingFor } from '../client.js'
import type { Reply } from '../payable-request.js'
import { loadPaymentPart } from '../payment-part.js'
import { baseUrl } from '../scope.js'
import { mayBePaid, replyOf } from './xhr-reply.js'

type XHRBody = Document | XMLHttpRequestBodyInit | null | undefined
type OpenArguments = [
  method: string,
  url: string | URL,
  isAsync?: boolean,
  user?: string | null,
  password?: string | null,
]

/** One `open()` of the app: what it takes to send the same again. */
interface Call {
  readonly args: OpenArguments
  readonly url: URL
  readonly headers: [string, string][]
  readonly aborting: AbortController
  /** 0 until `send()`. */
  attempts: number
  /** The attempt under way; null once it is answered. */
  attempt: { resolve(reply: Reply): void; reject(error: unknown): void; hasHeaders: boolean } | null
}

const OPENED = 1
const HEADERS_RECEIVED = 2
const LOADING = 3
const DONE = 4
const EVENTS = [
  'readystatechange',
  'loadstart',
  'progress',
  'load',
  'loadend',
  'error',
  'timeout',
  'abort',
] as const
/** What the app is told of an answer that was held back, and the `readyState` that it sees then. */
const HELD_BACK: readonly (readonly [type: string, readyState: number])[] = [
  ['readystatechange', HEADERS_RECEIVED],
  ['readystatechange', LOADING],
  ['progress', LOADING],
  ['readystatechange', DONE],
  ['load', DONE],
  ['loadend', DONE],
]
const UPLOAD_EVENTS = ['loadstart', 'progress', 'load', 'loadend'] as const

/**
 * An `XMLHttpRequest` that pays. The app sees one request: what happens between the 402 and the paid answer stays hidden.
 *
 * The same native object is opened again, so that everything it tells (answer, headers, URL) is the browser's own.
 * Synchronous requests cannot be held and are left alone.
 */
export function payingXMLHttpRequest(
  Original: typeof XMLHttpRequest,
  payingFor: PayingFor,
): typeof XMLHttpRequest {
  const named = {
    // The key gives the class its name, minified or not.
    XMLHttpRequest: class extends Original {
      #call: Call | null = null
      /** The `readyState` to show in place of the real one, while an attempt is hidden from the app. */
      #shown: number | null = null
      #isUploadWatched = false
      /** How far the held answer has come. */
      #progress: ProgressEventInit = {}

      constructor() {
        super()
        // First in line, before any listener of the app, and able to stop the event there.
        for (const type of EVENTS) super.addEventListener(type, (event) => this.#witness(event), true)
      }

      override get readyState(): number {
        return this.#shown ?? super.readyState
      }

      override get status(): number {
        return this.#shown === OPENED ? 0 : super.status
      }

      override get upload(): XMLHttpRequestUpload {
        const { upload } = { upload: super.upload }
        // A listener on `upload` makes a cross-origin request preflighted, so none is added there.
        if (!this.#isUploadWatched && this.#call?.url.origin === location.origin) {
          this.#isUploadWatched = true
          for (const type of UPLOAD_EVENTS)
            upload.addEventListener(
              type,
              (event) => this.#isRepeating() && event.stopImmediatePropagation(),
              true,
            )
        }
        return upload
      }

      override open(...args: OpenArguments): void {
        this.#forget()
        Reflect.apply(super.open, this, args)
        const url = new URL(args[1], baseUrl())
        if ((args.length < 3 || args[2]) && payingFor(url.origin))
          this.#call = { args, url, headers: [], aborting: new AbortController(), attempts: 0, attempt: null }
      }

      override setRequestHeader(name: string, value: string): void {
        super.setRequestHeader(name, value)
        this.#call?.headers.push([name, value])
      }

      override send(body?: XHRBody): void {
        const call = this.#call
        const paying = call && payingFor(call.url.origin)
        // What the app pays for by itself, and what the browser is about to refuse, is none of our business.
        if (!paying || call.attempts || call.headers.some(([name]) => /^payment$/i.test(name))) {
          super.send(body)
          return
        }
        const saved = snapshotBody(body)
        const paid = paying.pay({
          url: call.url,
          method: call.args[0].toUpperCase(),
          signal: call.aborting.signal,
          isReplayable: true,
          peek: async () => (await loadPaymentPart()).responseTextOf(this),
          send: (payment, target) =>
            new Promise<Reply>((resolve, reject) => {
              call.attempt = { resolve, reject, hasHeaders: false }
              if (call.attempts++) this.#reopen(call, target)
              if (payment) super.setRequestHeader(HEADERS.PAYMENT, payment)
              super.send(call.attempts > 1 ? saved : body)
            }),
        })
        // An answer that was let through has reached the app already, and so has an error.
        const handOver = (): void => this.#handOver(call)
        paid.then(handOver, handOver)
      }

      override abort(): void {
        const isWaiting = this.#shown !== null && super.readyState === DONE
        this.#forget()
        super.abort()
        if (!isWaiting) return
        // The browser has nothing left to abort, so it says nothing; the app waits for what it would have said.
        this.#shown = DONE
        for (const type of ['readystatechange', 'abort', 'loadend']) this.#tell(type)
        this.#shown = null
      }

      /** The app has other plans: whoever waits or pays for this request stops. */
      #forget(): void {
        const call = this.#call
        this.#call = null
        this.#shown = null
        call?.aborting.abort()
        call?.attempt?.reject(call.aborting.signal.reason)
      }

      #isRepeating(): boolean {
        return (this.#call?.attempts ?? 0) > 1
      }

      #reopen({ args, headers }: Call, target: string): void {
        this.#shown = OPENED
        super.open(args[0], target, true, args[3], args[4])
        for (const [name, value] of headers) super.setRequestHeader(name, value)
      }

      /** Sees every event before the app does. */
      #witness(event: Event): void {
        const attempt = this.#call?.attempt
        if (!this.#call || !attempt) return
        if (!attempt.hasHeaders && super.readyState >= HEADERS_RECEIVED) {
          attempt.hasHeaders = true
          this.#shown = mayBePaid(this, super.status, this.#call.url.origin) ? OPENED : null
        }
        const isHidden = this.#shown !== null
        if (isHidden) event.stopImmediatePropagation()
        if (event instanceof ProgressEvent) this.#progress = event
        if (/^(error|timeout|abort)$/.test(event.type))
          attempt.reject(new TypeError(`XMLHttpRequest: ${event.type}`))
        else if (isHidden ? event.type === 'loadend' : attempt.hasHeaders && super.status)
          attempt.resolve(replyOf(this, super.status))
        else return
        this.#call.attempt = null
      }

      #tell(type: string, progress?: ProgressEventInit): void {
        this.dispatchEvent(type === 'readystatechange' ? new Event(type) : new ProgressEvent(type, progress))
      }

      /** Shows the app an answer that was held back, as the browser would have. */
      #handOver(call: Call): void {
        for (const [type, state] of HELD_BACK) {
          if (this.#call !== call || this.#shown === null) return
          this.#shown = state
          this.#tell(type, this.#progress)
        }
        if (this.#call === call) this.#shown = null
      }
    },
  }
  return named.XMLHttpRequest
}
