import type { Context } from '../../context.js'
import { debitOfDispute, recordDebit } from '../../debits/record-debit.js'
import type { Answer } from '../../refusal.js'
import { recorded, unknownObject } from './answers.js'

/** Something happened to a dispute. */
export async function settleDispute(context: Context, disputeId: string): Promise<Answer> {
  const found = await context.records.dispute(disputeId)
  if (found === null) return unknownObject()
  const { object, intent } = found
  return recorded(await recordDebit(context, intent && debitOfDispute(context, object, intent), intent))
}
