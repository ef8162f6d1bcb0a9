import type { Context } from '../context.js'
import { movementsOf } from '../debits/dispute-debit.js'
import {
  type AccountAtStripe,
  enterDispute,
  enterPayment,
  enterRefund,
  nameOf,
  type StripeBook,
} from './stripe-book.js'

/**
 * Reads once more, one by one, everything that a book has of an account. `changedMs` is when something last happened to
 * it that Stripe puts a time on.
 */
export async function lookAgain(
  context: Context,
  account: AccountAtStripe,
): Promise<{ account: AccountAtStripe | undefined; changedMs: number }> {
  const { records } = context
  const book: StripeBook = new Map()
  let changedS = 0
  const note = (...seconds: number[]): void => {
    changedS = Math.max(changedS, ...seconds)
  }
  for (const id of account.payments.keys()) {
    const intent = await records.payment(id)
    if (!intent) continue
    enterPayment(context, book, intent)
    const { latest_charge: charge } = intent
    note(intent.created, charge && typeof charge !== 'string' ? charge.created : 0)
  }
  for (const [id, { reason }] of account.debits) {
    if (reason === 'refund') {
      const found = await records.refund(id)
      if (!found) continue
      enterRefund(context, book, found.object, found.intent)
      note(found.object.created)
    } else {
      const found = await records.dispute(id)
      if (!found) continue
      await enterDispute(context, book, found.object, found.intent)
      note(found.object.created, ...(movementsOf(found.object) ?? []).map(({ created }) => created))
    }
  }
  return { account: book.get(nameOf(account.key)), changedMs: changedS * 1000 }
}
