import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { Evidence } from './evidence.js'
import { rightToSpend } from './right-to-spend.js'

/** May this request see the balance of a client, or sign its devices out? Whoever could spend from one account may. */
export async function mayActFor(context: Context, evidence: Evidence, clientId: ClientId): Promise<boolean> {
  const { store, currencies } = context.settings
  // The session of another client says nothing of this one.
  const session = evidence.session?.clientId === clientId ? evidence.session : null
  const names = session ? [session.currency] : currencies
  for (const currency of names) {
    const account = { clientId, currency }
    const right = await rightToSpend(context, evidence, account)
    if (right.type === 'refused') return false
    if (right.era === undefined) continue
    const { era } = await store.keys(account)
    if (era !== right.era) return false
    // A key that is bound to one account of the client speaks for all of them.
    if (session || right.issue) return true
  }
  return true
}

/** Begins a new era in every account of a client. */
export async function signOutEverywhere({ settings }: Context, clientId: ClientId): Promise<void> {
  const accounts = await settings.store.accounts(clientId)
  await Promise.all(accounts.map((account) => settings.store.signOut(account)))
}
