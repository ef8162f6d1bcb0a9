import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { mayActFor } from '../proof/act-for.js'
import type { Evidence } from '../proof/evidence.js'
import { isOwnDevice } from '../proof/own-device.js'
import { type Answer, answerProblem, answerReceipt } from '../refusal.js'
import { requireOpen } from '../require-open.js'
import { proofRequired } from '../top-up/outcome.js'
import { namedClient } from './named-client.js'

/**
 * Answers `GET /.well-known/stripe402/balance`: what the client of the `payment` header has, by currency, in units; and, to
 * a device of the client's own, which card is kept.
 */
export async function answerBalance(context: Context, request: PaidRequest): Promise<Answer> {
  const { store, currency, currencies } = context.settings
  const named = namedClient(context, request)
  if (named.type === 'refused') return answerProblem(named)
  const { clientId, evidence } = named
  if (!(await mayActFor(context, evidence, clientId))) return answerProblem(proofRequired())
  const accounts = await Promise.all(currencies.map((code) => store.account({ clientId, currency: code })))
  if (accounts.every(({ credited }) => credited === 0)) await requireOpen(context, clientId)
  const balances = accounts.map(({ currency, available, held, frozen }) => ({
    currency,
    available,
    held,
    frozen,
  }))
  const creditsRemaining = balances.find((balance) => balance.currency === currency)?.available ?? 0
  return answerReceipt(
    { success: true, clientId, currency, charged: 0, creditsRemaining },
    { clientId, balances, ...(await savedCardFor(context, evidence, clientId)) },
  )
}

/** Enough to know the card by, and nothing to charge it with. */
async function savedCardFor(
  context: Context,
  evidence: Evidence,
  clientId: ClientId,
): Promise<{ savedCard?: { brand: string; last4: string; expMonth: number; expYear: number } }> {
  if (!(await isOwnDevice(context, evidence, clientId))) return {}
  const card = await context.settings.store.savedCard(clientId)
  if (!card) return {}
  const { brand, last4, expMonth, expYear } = card
  return { savedCard: { brand, last4, expMonth, expYear } }
}
