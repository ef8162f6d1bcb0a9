import type { ClientId, PurchaseId } from '@stripe402/core'
import type { Context } from '../context.js'
import { hasBegun, isBound } from './bound-key.js'
import type { Evidence } from './evidence.js'

/**
 * Does this request come from a device of the client: by a session of the current era, or by a bound key? The name of a
 * client never shows it, whatever the seller's `bearerClientId` says, nor does the number of its card.
 */
export async function isOwnDevice(
  context: Context,
  { session, key, claimKey }: Evidence,
  clientId: ClientId,
): Promise<boolean> {
  if (session?.clientId === clientId) {
    const { era } = await context.settings.store.keys(session)
    if (era === session.era) return true
  }
  return key !== null && (await isBound(context, key, clientId)) && (await claimKey()) !== null
}

/**
 * What may this request do with the card that is kept for a client? Only a bound key may `charge` it, which signs one purchase
 * at a time: a session is worth one top-up of the smallest kind. A proof that was used before may `ask` about the purchase
 * that its key began: it comes from a log, or a second time from a browser.
 */
export async function rightToKeptCard(
  context: Context,
  { key, claimKey }: Evidence,
  { clientId, purchaseId }: { clientId: ClientId; purchaseId: PurchaseId },
): Promise<'charge' | 'ask' | null> {
  if (key === null || !(await isBound(context, key, clientId))) return null
  if ((await claimKey()) !== null) return 'charge'
  return (await hasBegun(context, key, { clientId, purchaseId })) ? 'ask' : null
}

/** Uses up the proof of a bound key before anything else is done with its request. True when it was good. */
export async function spendBoundProof(
  context: Context,
  { key, claimKey }: Evidence,
  clientId: ClientId,
): Promise<boolean> {
  return key !== null && (await isBound(context, key, clientId)) && (await claimKey()) !== null
}
