import type { Context } from '../../context.js'
import { recordRefund } from '../../debits/record-debit.js'
import type { Answer } from '../../refusal.js'
import { plain, recorded, unknownObject } from './answers.js'

/** Something happened to a refund. */
export async function settleRefund(context: Context, refundId: string): Promise<Answer> {
  const found = await context.records.refund(refundId)
  if (found === null) return unknownObject()
  return recorded(await recordRefund(context, found.object, found.intent))
}

/** A charge was refunded: the event names the charge, its refunds are to be looked up. */
export async function settleRefundsOf(context: Context, chargeId: string): Promise<Answer> {
  for await (const { object, intent } of context.records.refundsOf(chargeId))
    await recordRefund(context, object, intent)
  return plain(200, 'Recorded.')
}
