import type { ClientId, PurchaseId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { Account, AccountKey } from '../store.js'
import type { Evidence } from './evidence.js'
import type { KeyProof } from './key-proof.js'
import { signSession } from './session-token.js'

/** Binds the key that signed a request whose card was charged or confirmed, and gives it a session. */
export async function bindDevice(
  context: Context,
  { claimKey }: Evidence,
  account: AccountKey,
): Promise<{ issue?: (account: Account) => string }> {
  const key = await claimKey()
  if (key === null) return {}
  const era = await context.settings.store.bindKey(account, key.thumbprint)
  return { issue: issuing(context, era, key) }
}

/** A key that is bound to one account of a client speaks for all of them. */
export async function isBound({ settings }: Context, key: KeyProof, clientId: ClientId): Promise<boolean> {
  for (const currency of settings.currencies) {
    const { thumbprints } = await settings.store.keys({ clientId, currency })
    if (thumbprints.includes(key.thumbprint)) return true
  }
  return false
}

/**
 * Whether a key opened a purchase of this client. Written once, when the purchase is opened: whoever repeats its id later has
 * opened nothing.
 */
export async function hasBegun(
  { settings }: Pick<Context, 'settings'>,
  key: KeyProof,
  { clientId, purchaseId }: { clientId: ClientId; purchaseId: PurchaseId },
): Promise<boolean> {
  const purchase = await settings.store.purchase(purchaseId)
  return purchase?.clientId === clientId && purchase.keyThumbprint === key.thumbprint
}

/** A token for as much again as the smallest top-up. */
export function issuing(
  { settings }: Context,
  era: number,
  { thumbprint }: KeyProof,
): (account: Account) => string {
  return ({ clientId, currency, spent, held }) => {
    const ceilingUnits = spent + held + settings.topUpLimits(currency).min
    return signSession(settings, { clientId, currency, era, thumbprint, ceilingUnits })
  }
}
