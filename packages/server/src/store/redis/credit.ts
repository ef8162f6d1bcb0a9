import type { Account, Credit } from '../../store.js'
import { checkCredit, unsafeSum } from '../checked-input.js'
import { termsOfCredit } from '../purchase-of-credit.js'
import { accountKeys, accountName, pointerKey, purchaseKey, shardKeys, shardOf } from './keys.js'
import { parseRoute, serializeRoute } from './purchase-route.js'
import { readAccount, readReply } from './replies.js'
import type { ScriptCall } from './script-runner.js'

/** The means to run scripts, and how much history to keep. */
export interface CreditMeans {
  run(call: ScriptCall): Promise<unknown>
  /** Waits for replicas, where the seller wants it. */
  record(call: ScriptCall): Promise<unknown>
  historyLimit: number
}

/** Credits a payment once, and closes its purchase or remembers it as credited. Two round trips. */
export async function creditOnce(
  { run, record, historyLimit }: CreditMeans,
  credit: Credit,
): Promise<{ type: 'credited' | 'already_credited'; account: Account }> {
  checkCredit(credit)
  const { clientId, currency, paymentIntentId, units, purchaseId } = credit
  const { account, payments, history, open } = accountKeys(credit)
  const { accounts, due } = shardKeys(shardOf(credit))
  const purchase = purchaseId === null ? account : purchaseKey(credit, purchaseId)
  const from = await firstAttemptHere(run, credit)
  const { minor } = termsOfCredit(credit)
  const name = accountName(credit)
  const reply = await record({
    script: 'credit',
    keys: [account, payments, accounts, history, purchase, open, due],
    args: [paymentIntentId, units, name, purchaseId ?? '', historyLimit, from, clientId, currency, minor],
  })
  const [type, ...sums] = readReply(reply)
  if (type === 'unsafe') throw unsafeSum('credited')
  return {
    type: type === 'already_credited' ? 'already_credited' : 'credited',
    account: readAccount(credit, sums),
  }
}

/**
 * A purchase that nobody knows belongs to the account that paid for it; 0 for one that belongs to another. Without waiting for
 * replicas: too few of them must not keep the credit from being written at all.
 */
async function firstAttemptHere(run: CreditMeans['run'], credit: Credit): Promise<number> {
  const { clientId, currency, purchaseId } = credit
  if (purchaseId === null) return 0
  const claim = serializeRoute({ clientId, currency, from: 1 })
  const route = parseRoute(
    await run({ script: 'claim-purchase', keys: [pointerKey(purchaseId)], args: [claim] }),
  )
  return accountName(route) === accountName(credit) ? route.from : 0
}
