import type { PaymentRequired } from '@stripe402/core'
import type { Exchange } from '../exchange.js'
import type { Approved } from '../next-step.js'
import type { PayableRequest } from '../payable-request.js'
import type { PaymentOutcome, PaymentReason } from '../payer.js'
import type { PaymentDetails } from '../send-once.js'

/** A request that waits for credit. */
export interface Waiting {
  readonly request: PayableRequest
  readonly challenge: PaymentRequired
  readonly reason: PaymentReason
  /** The moment (see `Client.progress`) at which somebody began to want this request. */
  readonly since: number
  /** Sends the request with a payment. */
  send(payment: PaymentDetails): Promise<Exchange>
}

/** How a wait ended. `credited`: another request has paid; the account may pay for yours, up to the `approved` price. */
export type Verdict =
  | { type: 'credited'; approved: Approved | undefined }
  | { type: 'ended'; outcome: PaymentOutcome; error?: unknown }

/** A waiting request's place: each is left exactly once. */
export interface Seat {
  readonly waiting: Waiting
  /** Is none of the room's any more, and still waits for an answer of its own. */
  stepAside(): void
  leave(verdict: Verdict): void
  fail(error: unknown): void
}

/** The requests that wait, in the order they came. */
export interface WaitingRoom {
  /** Rejects at once, with the caller's own reason, when the request is aborted. */
  enter(waiting: Waiting): Promise<Verdict>
  /** The first one that suits, or of all. */
  first(isFit?: (waiting: Waiting) => boolean): Seat | undefined
  /** Calls back as soon as somebody waits beside this one. */
  onOthers(seat: Seat, callback: () => void): void
  dismiss(verdict: Verdict): void
  fail(error: unknown): void
}

/** Opens a waiting room. `onEmpty` is called when the last one gave up waiting. */
export function openWaitingRoom(onEmpty: () => void): WaitingRoom {
  const seats = new Set<Seat>()
  let onEntry = (): void => {}
  return {
    enter: (waiting) =>
      new Promise((resolve, reject) => {
        const { signal } = waiting.request
        const stand = (): void => {
          seats.delete(seat)
          signal?.removeEventListener('abort', abort)
        }
        const abort = (): void => {
          seat.fail(signal?.reason)
          if (!seats.size) onEmpty()
        }
        const seat: Seat = {
          waiting,
          stepAside: () => void seats.delete(seat),
          leave(verdict) {
            stand()
            resolve(verdict)
          },
          fail(error) {
            stand()
            reject(error)
          },
        }
        seats.add(seat)
        onEntry()
        signal?.addEventListener('abort', abort)
        if (signal?.aborted) abort()
      }),
    first: (isFit = () => true) => [...seats].find(({ waiting }) => isFit(waiting)),
    onOthers(seat, callback) {
      onEntry = () => {
        if ([...seats].some((other) => other !== seat)) callback()
      }
      onEntry()
    },
    dismiss: (verdict) => {
      for (const seat of seats) seat.leave(verdict)
    },
    fail: (error) => {
      for (const seat of seats) seat.fail(error)
    },
  }
}
