import type { Client } from './client.js'
import type { OpenPurchase } from './client-store.js'
import type { PaymentDetails } from './send-once.js'
import type { TopUp } from './top-up/top-up.js'
import type { Verdict } from './top-up/waiting-room.js'

/** A purchase without an outcome. */
export interface Unanswered extends OpenPurchase {
  /** Its reply was lost: it may be sent once more as it was, for a while and by the same person. */
  readonly lost?: { readonly payment: PaymentDetails; readonly atMs: number; readonly signOuts: number }
}

/** What happens at this moment in one client, and what it has seen so far. */
export interface UnderWay {
  /** Top-ups, by origin and currency. */
  readonly topUps: Map<string, TopUp>
  /**
   * Purchases without an outcome, by origin and preferred currency: another tab may write over what the store says of them.
   * Where a reply was lost they hold the card, which is never written to the store.
   */
  readonly unanswered: Map<string, Unanswered>
  /** How the last top-up that did not come about ended, by origin and currency. */
  readonly refusals: Map<string, { at: number; verdict: Verdict }>
  /** The publishable key that a seller showed first, by origin and currency: another one is not paid. */
  readonly keys: Map<string, string>
  /** Prices of requests that have no answer yet, in units, by origin and currency. */
  readonly reserved: Map<string, number>
}

const ofClients = new WeakMap<Client, UnderWay>()

/** What a client has under way; the same object for as long as the client lives. */
export function underWay(client: Client): UnderWay {
  const known = ofClients.get(client)
  if (known) return known
  const fresh = {
    topUps: new Map(),
    unanswered: new Map(),
    refusals: new Map(),
    keys: new Map(),
    reserved: new Map(),
  }
  ofClients.set(client, fresh)
  return fresh
}
