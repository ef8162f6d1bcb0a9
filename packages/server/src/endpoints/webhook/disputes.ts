import type { Context } from '../../context.js'
import { recordDispute } from '../../debits/record-debit.js'
import type { Answer } from '../../refusal.js'
import { recorded, unknownObject } from './answers.js'

/** Something happened to a dispute. */
export async function settleDispute(context: Context, disputeId: string): Promise<Answer> {
  const found = await context.records.dispute(disputeId)
  if (found === null) return unknownObject()
  return recorded(await recordDispute(context, found.object, found.intent))
}
