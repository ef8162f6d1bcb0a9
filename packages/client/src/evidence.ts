import { encodeHeader, STRIPE402_VERSION } from '@stripe402/core'
import { abortable } from './abortable.js'
import { browserKeys } from './browser-keys.js'
import type { Client } from './client.js'
import { proveKey } from './key-proof.js'
import { newRequestId } from './new-id.js'
import type { Prove } from './payable-request.js'
import type { PaymentDetails } from './send-once.js'
import { serverAheadMs } from './server-clock.js'

/** Where a client keeps what shows whose account it is. */
export type Keeper = Pick<Client, 'store' | 'deviceKeys'>

/** One payment that is about to be sent. */
export interface Showing {
  readonly origin: string
  readonly method: string
  readonly url: string
  readonly details: PaymentDetails
  /** The server has asked for the key. */
  readonly isProofWanted?: boolean | undefined
  /** A redirect may take it along, to anywhere. */
  readonly isFollowed?: boolean | undefined
}

/** A token is good for ten minutes. The key proves itself a little before that, or every tenth minute would cost a 402. */
const RENEW_AFTER_MS = 540_000
/** What a reader takes. A longer URL cannot be proved. */
const MOST_CHARACTERS = 4096
/** How long a key is waited for. A database that another tab or a failing disk holds back may never open. */
const MOST_KEY_MS = 2000

/**
 * Adds to a payment what shows whose it is: the session token, or a proof by the key of this device once that has run out.
 * A purchase is signed always, which is how the key comes to be bound to its account.
 *
 * Synchronous as long as a token is good, which is nearly always.
 */
export function withEvidence(keeper: Keeper, showing: Showing): PaymentDetails | Promise<PaymentDetails> {
  const { details, isProofWanted, isFollowed } = showing
  const isPurchase = details.paymentMethodId !== undefined || details.purchaseId !== undefined
  const account = keeper.store.get(showing.origin)?.clients[details.currency]
  const { clientId = account?.clientId } = details
  const session = account?.clientId === clientId ? account?.session : undefined
  const shown = session ? { ...details, session: session.token } : details
  // A purchase names no account but its card's; the token says that somebody buys who has one here.
  if (isPurchase) return proved(keeper, { ...showing, details: shown }, true)
  if (isProofWanted) return proved(keeper, showing, false)
  if (!session) return details
  // A token is as good wherever a redirect takes it; a proof is good here, once.
  if (isFollowed) return proved(keeper, showing, false).then((known) => (known.proof ? known : shown))
  const ageMs = Date.now() - session.heardAtMs
  return ageMs >= 0 && ageMs < RENEW_AFTER_MS ? shown : proved(keeper, { ...showing, details: shown }, false)
}

/** A payment as it is sent. */
export function headerOf(details: PaymentDetails): string {
  return encodeHeader({ stripe402Version: STRIPE402_VERSION, ...details })
}

/** Shows the same, where a redirect leads. */
export function proveFor(keeper: Keeper, showing: Showing): Prove {
  return async (method, url) => headerOf(await withEvidence(keeper, { ...showing, method, url }))
}

/** Whether there is a key that could prove more than a token did. */
export async function hasKey(keeper: Keeper, origin: string): Promise<boolean> {
  return (await keyOf(keeper, origin, 'find')) !== undefined
}

/** Without a key, or where it cannot be used, a payment goes out as it is: the server says what is missing. */
async function proved(
  keeper: Keeper,
  { origin, method, url, details }: Showing,
  isPurchase: boolean,
): Promise<PaymentDetails> {
  const pair = await keyOf(keeper, origin, isPurchase ? 'make' : 'find')
  if (!pair) return details
  const { requestId = newRequestId() } = details
  try {
    const payment = { ...details, requestId }
    const proof = await proveKey(pair, {
      method,
      url,
      payment: { stripe402Version: STRIPE402_VERSION, ...payment },
      nowMs: Date.now() + serverAheadMs(origin),
    })
    return proof.length > MOST_CHARACTERS ? details : { ...payment, proof }
  } catch {
    // A pair of another algorithm, or one that may not sign.
    return details
  }
}

async function keyOf(
  { deviceKeys = browserKeys() }: Keeper,
  origin: string,
  how: 'find' | 'make',
): Promise<CryptoKeyPair | undefined> {
  if (!deviceKeys) return undefined
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), MOST_KEY_MS)
  try {
    return await abortable(deviceKeys[how](origin), late.signal)
  } catch {
    // A sandboxed frame, a full disk, a private window: no key, as for a browser that has none.
    return undefined
  } finally {
    clearTimeout(timer)
  }
}
