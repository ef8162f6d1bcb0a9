import type { Payment } from '@stripe402/core'
import type { EventRequest } from './events.js'

/** What the flow needs to see of an answer. A `Response` is one. */
export interface Reply {
  readonly status: number
  /** Where it came from after redirects; empty when unknown. */
  readonly url: string
  readonly headers: { get(name: string): string | null }
}

/** Makes the `payment` header anew, for where a redirect leads: a proof is good for one method and one URL, once. */
export type Prove = (method: string, url: string) => Promise<string>

/** A request that can be sent as often as it takes: what fetch, XMLHttpRequest and axios translate to. */
export interface PayableRequest<R extends Reply = Reply> {
  readonly url: URL
  readonly method: string
  readonly signal?: AbortSignal | null | undefined
  /** False for what must not or cannot be sent again: keepalive requests, bodies that are streams. */
  readonly isReplayable: boolean | (() => Promise<boolean>)
  /** It may outlive its page (keepalive): its first attempt waits for nothing. */
  readonly isKept?: boolean
  /**
   * The transport follows redirects by itself, to anywhere, with all that it carries: what is sent has to be worth nothing there.
   */
  readonly isFollowed?: boolean
  /**
   * Sends it, with this `payment` header if any, to this URL (the request's own, or where it was redirected). `prove` comes
   * with a header that holds a proof, for transports that follow redirects themselves.
   */
  send(paymentHeader: string | null, url: string, prove?: Prove): Promise<R>
  /** Reads the start of the body, leaving the reply as it was. Absent where the reply is a `Response`. */
  peek?(reply: R): Promise<string>
  /** No further attempt will be made: copies can go. */
  release?(): void
}

/** An answer that nobody has looked at yet. */
export interface Sent<R extends Reply = Reply> {
  readonly reply: R
  readonly payment: Payment | null
  readonly currency: string
  /** The price that it was sent for. */
  readonly units?: number
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** How far the seller's clock was taken to be ahead in a proof. */
  readonly aheadMs?: number
  /** What had happened when a payment was sent (see `OriginMemory`). */
  readonly before?: { readonly topUps: number; readonly receipts: number; readonly signOuts: number }
  /** Gives back what is set aside for it: its receipt is noted, or there is none. */
  release?(): void
}

/** The members that every event about a request has. */
export function about({ url, method }: { url: URL; method: string }): EventRequest {
  return { origin: url.origin, url: url.href, method }
}
