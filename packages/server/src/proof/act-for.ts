import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { Evidence } from './evidence.js'
import { isOwnDevice } from './own-device.js'
import { rightOfBearer } from './right-to-spend.js'

/**
 * May this request see the balance of a client, or sign its devices out? A device of the client's may, by a session or by a
 * key, whatever else it shows; and whoever could spend from every account by the bare name.
 */
export async function mayActFor(context: Context, evidence: Evidence, clientId: ClientId): Promise<boolean> {
  const { store, currencies } = context.settings
  if (await isOwnDevice(context, evidence, clientId)) return true
  const right = rightOfBearer(context)
  if (right.type === 'refused') return false
  if (right.era === undefined) return true
  for (const currency of currencies) {
    const { era } = await store.keys({ clientId, currency })
    if (era !== right.era) return false
  }
  return true
}

/** Begins a new era in every account of a client. */
export async function signOutEverywhere({ settings }: Context, clientId: ClientId): Promise<void> {
  const accounts = await settings.store.accounts(clientId)
  await Promise.all(accounts.map((account) => settings.store.signOut(account)))
}
