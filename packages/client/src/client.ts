import { type ClientStore, defaultStore } from './client-store.js'
import type { DeviceKeys } from './device-keys.js'
import type { PayableRequest, Reply } from './payable-request.js'
import type { Payer } from './payer.js'
import type { SpendPolicy } from './policy.js'
import { type Scope, scopeOf } from './scope.js'

/**
 * What an app sees of a 402 that cannot be paid from credit. `wait`: nothing, the promise is held until it is paid.
 * `throw`: a `PaymentRequiredError` with `topUp()`. `event`: the 402, and an event.
 */
export type ClientMode = 'wait' | 'throw' | 'event'

/** How to pay, where, and within which limits. */
export interface ClientOptions {
  /** Without one, a 402 that credit does not cover is handed to the app. */
  payer?: Payer | undefined
  /**
   * Origins beside the page's own. `'*'`: every origin, for code that only calls sellers it chose. In Node there
   * is no own origin: all of them when absent. A credential goes to the origin that issued it, in any case.
   */
  origins?: readonly string[] | '*' | undefined
  mode?: ClientMode | undefined
  /** Remembers accounts, paths and open purchases. `localStorage` in a page, memory elsewhere, when absent. */
  store?: ClientStore | undefined
  /**
   * Keeps the key that shows a seller whose credit it is. In a page IndexedDB, where there is WebCrypto; none elsewhere, and
   * none for `null`: then whoever knows an account's `clientId` can spend from it.
   */
  deviceKeys?: DeviceKeys | null | undefined
  policy?: SpendPolicy | undefined
  /**
   * Keeps request bodies that are streams, up to so many bytes, to send them again when they have to be paid for.
   * When absent they are never kept, and the app gets the 402.
   */
  streamLimitBytes?: number | undefined
  /** Told of every payment step; see `listen`. */
  events?: EventTarget | undefined
  /** Waits before asking again about a pending payment. For tests; rejects when the signal is aborted. */
  delay?: ((delayMs: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** One configured client: the options, and what they stand for. What it is doing is in `underWay`. */
export interface Client extends Readonly<Omit<ClientOptions, 'origins' | 'store'>> {
  readonly isInScope: Scope
  readonly store: ClientStore
  /** Counts moments: tells what is older than what. */
  readonly progress: { moment: number }
}

/** Somebody who pays at the origins in scope. */
export interface Paying {
  isInScope(origin: string): boolean
  /** Bytes of a body that is a stream which are kept, to be sent again. */
  readonly streamLimitBytes?: number | undefined
  pay<R extends Reply>(request: PayableRequest<R>): Promise<R>
}

/** What a transport needs: somebody who pays at an origin. `undefined`: it is none of our business. */
export type PayingFor = (origin: string) => Paying | undefined

/** Resolves the options once. */
export function createClient(options: ClientOptions): Client {
  return {
    ...options,
    isInScope: scopeOf(options.origins),
    store: options.store ?? defaultStore(),
    progress: { moment: 0 },
  }
}
