import type { Context } from '../context.js'
import { type PaidRequest, queryOf } from '../paid-request.js'
import { mayActFor } from '../proof/act-for.js'
import { type Answer, answerBadRequest, answerProblem, answerReceipt } from '../refusal.js'
import { requireOpen } from '../require-open.js'
import { InvalidInputError } from '../store/index.js'
import type { AccountKey, HistoryEntry } from '../store.js'
import { proofRequired } from '../top-up/outcome.js'
import { namedClient } from './named-client.js'

const MOST_ENTRIES = 100
/** As some store writes the id of an entry: a number, or a Redis stream id. */
const ENTRY_ID = /^\d+(-\d+)?$/

/**
 * Answers `GET /.well-known/stripe402/history?currency&limit&before`: what came and went for the client of the `payment`
 * header, newest first, in units. Whoever may spend a balance may read where it went.
 */
export async function answerHistory(context: Context, request: PaidRequest): Promise<Answer> {
  const { store, currency: preferred, currencies } = context.settings
  const named = namedClient(context, request)
  if (named.type === 'refused') return answerProblem(named)
  const { clientId, evidence } = named
  if (!(await mayActFor(context, evidence, clientId))) return answerProblem(proofRequired())
  const query = queryOf(request.url)
  const currency = query.get('currency') ?? preferred
  if (!currencies.includes(currency))
    return answerProblem({
      type: 'refused',
      error: 'unsupported_currency',
      message: `There is a history in ${currencies.map((code) => code.toUpperCase()).join(' and ')} only.`,
    })
  const account = { clientId, currency }
  const [entries, { credited, available }] = await Promise.all([
    entriesOf(context, account, query),
    store.account(account),
  ])
  if (entries === null) return answerBadRequest('before must be the id of an entry of this history.')
  if (credited === 0) await requireOpen(context, clientId)
  return answerReceipt(
    { success: true, clientId, currency, charged: 0, creditsRemaining: available },
    { clientId, currency, entries },
  )
}

/** A page of the history; null where the store has no such place to go on from. */
async function entriesOf(
  { settings }: Context,
  account: AccountKey,
  query: URLSearchParams,
): Promise<HistoryEntry[] | null> {
  const before = query.get('before') || undefined
  if (before !== undefined && !ENTRY_ID.test(before)) return null
  try {
    return await settings.store.history(account, { limit: limitOf(query.get('limit')), before })
  } catch (error) {
    if (error instanceof InvalidInputError) return null
    throw error
  }
}

function limitOf(text: string | null): number {
  const wanted = Number(text ?? 20)
  return Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), MOST_ENTRIES) : 20
}
