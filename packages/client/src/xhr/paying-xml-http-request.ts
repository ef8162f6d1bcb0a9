import { HEADERS } from '@stripe402/core'
import { snapshotBody } from '../body-snapshot.js'
import type { PayingFor } from '../client.js'
import type { Reply } from '../payable-request.js'
import { loadPaymentPart } from '../payment-part.js'
import { baseUrl } from '../scope.js'
import type { HeldAnswer } from './response-text.js'
import { replyOf } from './xhr-reply.js'

type XHRBody = Document | XMLHttpRequestBodyInit | null | undefined
type OpenArguments = [
  method: string,
  url: string | URL,
  isAsync?: boolean,
  user?: string | null,
  password?: string | null,
]

/** One `open()` of the app: what it takes to send the same again. */
interface Call extends HeldAnswer {
  readonly args: OpenArguments
  readonly url: URL
  /** Tell a request that was opened again what the app has told the first one. */
  readonly settings: (() => void)[]
  readonly aborting: AbortController
  body?: XHRBody
  /** `send()` had to wait for what pays, or for a signature. */
  isLate?: boolean
  attempts: number
  /** The attempt that has no answer yet. */
  attempt?: { resolve(reply: Reply): void; reject(error: unknown): void } | undefined
}

const UNSENT = 0
const OPENED = 1
const HEADERS_RECEIVED = 2
const DONE = 4
const EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'loadend', 'error', 'timeout', 'abort']

const whenHeld = async (call: Call): Promise<void> => (await loadPaymentPart()).untilHeld(call)
const hide = (event: Event): void => event.stopImmediatePropagation()

/** Tells what the browser would say, where it has nothing to say it of. */
function tell(target: EventTarget, ...types: string[]): void {
  for (const type of types)
    target.dispatchEvent(type === 'readystatechange' ? new Event(type) : new ProgressEvent(type))
}

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
      #call: Call | undefined
      /** The `readyState` to show in place of the real one, while an attempt is hidden from the app. */
      #shown: number | undefined

      static {
        // biome-ignore lint/complexity/noThisInStatic: the class has no name, so that it has the key's
        const { prototype } = this
        for (const name of [
          'readyState',
          'status',
          'statusText',
          'responseURL',
          'responseText',
          'response',
          'responseXML',
        ])
          Object.defineProperty(prototype, name, {
            configurable: true,
            enumerable: true,
            get(this: typeof prototype) {
              // Throws where the native one does.
              const value: unknown = Reflect.get(Original.prototype, name, this)
              if (name === 'readyState') return this.#shown ?? value
              if (!this.#isHeld()) return value
              return typeof value === 'number' ? 0 : typeof value === 'string' ? '' : null
            },
          })
      }

      constructor() {
        super()
        // First in line, before any listener of the app, and able to stop the event there.
        for (const type of EVENTS) super.addEventListener(type, (event) => this.#witness(event), true)
        const { upload } = this
        const hideRepeat = (event: Event): void => {
          if (Number(this.#call?.attempts) > 1) hide(event)
        }
        // In front of the app's listener, never without one: any listener has another origin asked first whether it takes the request.
        upload.addEventListener = (...args: unknown[]) => {
          for (const one of [[args[0], hideRepeat, true], args])
            Reflect.apply(super.addEventListener, upload, one)
        }
      }

      override get responseType(): XMLHttpRequestResponseType {
        return super.responseType
      }

      override set responseType(type) {
        this.#set(() => {
          super.responseType = type
        })
      }

      override overrideMimeType(type: string): void {
        this.#set(() => super.overrideMimeType(type))
      }

      override getAllResponseHeaders(): string {
        return this.#isHeld() ? '' : super.getAllResponseHeaders()
      }

      override getResponseHeader(name: string): string | null {
        return this.#isHeld() ? null : super.getResponseHeader(name)
      }

      override open(...args: OpenArguments): void {
        const isReset = this.#shown === UNSENT
        this.#forget()?.aborting.abort()
        Reflect.apply(super.open, this, args)
        const url = new URL(args[1], baseUrl())
        if ((args.length < 3 || args[2]) && payingFor(url.origin))
          this.#call = { args, url, settings: [], aborting: new AbortController(), attempts: 0, held: [] }
        if (isReset) tell(this, 'readystatechange')
      }

      override setRequestHeader(name: string, value: string): void {
        const call = this.#unsent()
        super.setRequestHeader(name, value)
        call?.settings.push(() => super.setRequestHeader(name, value))
        // The app pays by itself: none of our business.
        if (/^payment$/i.test(name)) this.#call = undefined
      }

      override send(body?: XHRBody): void {
        const call = this.#unsent()
        const paying = call && payingFor(call.url.origin)
        // The browser refuses what was sent already.
        if (!paying || call.attempts) {
          super.send(body)
          return
        }
        const { signal } = call.aborting
        call.body = snapshotBody(body)
        const paid = paying.pay({
          url: call.url,
          method: call.args[0].toUpperCase(),
          signal,
          isReplayable: true,
          isFollowed: true,
          peek: async () => (await loadPaymentPart()).responseTextOf(call, () => super.response),
          send: (payment, target) =>
            new Promise<Reply>((resolve, reject) => {
              signal.throwIfAborted()
              signal.onabort = () => reject(signal.reason)
              if (call.attempts++) this.#reopen(call, target)
              call.attempt = { resolve, reject }
              if (payment) super.setRequestHeader(HEADERS.PAYMENT, payment)
              super.send(call.body)
            }),
        })
        // An answer that was let through has reached the app already, and so has an error.
        const handOver = (): void => this.#handOver(call)
        paid.then(handOver, handOver)
        call.isLate = !call.attempts
        if (call.isLate) tell(this, 'loadstart')
      }

      override abort(): void {
        if (this.#shown === UNSENT) return
        const isAnswered = this.#isHeld() && super.readyState === DONE
        const call = this.#forget()
        super.abort()
        call?.aborting.abort()
        const isWaiting = call?.isLate && !call.attempts
        if (!isWaiting && !isAnswered) return
        // The browser has nothing to abort, so it says nothing; the app waits for what it would have said.
        const upload = isWaiting && call.body != null ? super.upload : new EventTarget()
        this.#shown = DONE
        tell(upload, 'loadstart')
        tell(this, 'readystatechange')
        tell(upload, 'abort', 'loadend')
        tell(this, 'abort', 'loadend')
        if (!this.#call) this.#shown = isWaiting ? UNSENT : undefined
      }

      /** The app has other plans. */
      #forget(): Call | undefined {
        const call = this.#call
        this.#call = this.#shown = undefined
        return call
      }

      /** The call that the app may still change. @throws InvalidStateError as natively, where the browser knows of no reason. */
      #unsent(): Call | undefined {
        const call = this.#call
        if (this.#shown === UNSENT || (call?.isLate && !call.attempts)) new Original().send()
        return call
      }

      /** Whether the app sees a request that has no answer, whatever has come. */
      #isHeld(): boolean {
        return (this.#shown ?? DONE) < HEADERS_RECEIVED
      }

      /** The browser lets nothing be set once an answer comes in; the app does not know of that one. */
      #set(setting: () => void): void {
        if (this.#isHeld() && super.readyState > OPENED) this.#call?.settings.push(setting)
        else setting()
      }

      #reopen({ args, settings, held }: Call, target: string): void {
        this.#shown = OPENED
        // Opened in the middle of an answer, a browser would go on telling of that one.
        super.abort()
        super.open(args[0], target, true, args[3], args[4])
        const { upload } = this
        for (const type of EVENTS) {
          const name = `on${type}`
          const handler: unknown = Reflect.get(upload, name)
          if (!handler) continue
          Reflect.set(upload, name, null)
          Reflect.apply(upload.addEventListener, upload, [type, null])
          Reflect.set(upload, name, handler)
        }
        held.length = 0
        for (const setting of settings) setting()
      }

      /** Sees every event before the app does. */
      #witness(event: Event): void {
        const call = this.#call
        if (!call?.attempts || !event.isTrusted) return
        const { attempt } = call
        if (attempt && super.readyState >= HEADERS_RECEIVED) {
          const status = super.status
          // A purchase that has no outcome yet is 409.
          this.#shown = status === 402 || (status === 409 && call.attempts > 1) ? OPENED : undefined
          if (status) {
            delete call.attempt
            const reply = replyOf(status, super.responseURL, super.getAllResponseHeaders())
            const answer = (): void => attempt.resolve(reply)
            if (this.#shown) whenHeld(call).then(answer, answer)
            else answer()
          } else if (event.type !== 'readystatechange') attempt.reject(new TypeError(event.type))
        }
        if (this.#shown !== undefined || (call.isLate && event.type === 'loadstart')) hide(event)
        if (this.#shown === undefined || call.attempt) return
        call.held.push([event, super.readyState])
        call.onHeld?.()
      }

      /** Shows the app an answer that was held back, as far as it has come, as the browser would have. */
      #handOver({ held, aborting }: Call): void {
        for (const [event, readyState] of held) {
          if (aborting.signal.aborted) return
          this.#shown = readyState
          // Another one: the answer may have been judged in the middle of telling this one.
          this.dispatchEvent(Reflect.construct(event.constructor, [event.type, event]))
        }
        if (!aborting.signal.aborted) this.#shown = undefined
      }
    },
  }
  return named.XMLHttpRequest
}
