import type { Context } from '../../context.js'
import { debitOfRefund, recordDebit } from '../../debits/record-debit.js'
import type { Answer } from '../../refusal.js'
import { plain, recorded, unknownObject } from './answers.js'

/** Something happened to a refund. */
export async function settleRefund(context: Context, refundId: string): Promise<Answer> {
  const found = await context.records.refund(refundId)
  if (found === null) return unknownObject()
  const { object, intent } = found
  return recorded(await recordDebit(context, intent && debitOfRefund(context, object, intent), intent))
}

/** A charge was refunded: the event names the charge, its refunds are to be looked up. */
export async function settleRefundsOf(context: Context, chargeId: string): Promise<Answer> {
  for await (const { object, intent } of context.records.refundsOf(chargeId))
    await recordDebit(context, intent && debitOfRefund(context, object, intent), intent)
  return plain(200, 'Recorded.')
}
