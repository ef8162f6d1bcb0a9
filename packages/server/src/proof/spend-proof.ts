import type { Context } from '../context.js'
import { networksOf } from '../limits/attempt.js'
import type { PaidRequest } from '../paid-request.js'
import { reportFault } from '../report.js'
import { knownEvidence } from './evidence.js'
import type { KeyProof } from './key-proof.js'

/** So many proofs that opened nothing are remembered of one address: a stranger's would fill the store. */
const MOST_IDLE = 30
const IDLE_MS = 600_000
/** All whose address nobody knows, together. */
const UNKNOWN = [{ of: 'unknown', times: 30 }]

/**
 * Uses up the proof that came with a request, whatever the answer is: a refusal that has left it good would be a payment for
 * whoever sees it. A fault here says nothing about the money, so it changes no answer.
 */
export async function spendProof(context: Context, request: PaidRequest): Promise<void> {
  const evidence = knownEvidence(request)
  if (!evidence?.key || evidence.isClaimed()) return
  try {
    if (await isRemembered(context, request, evidence.key)) await evidence.claimKey()
  } catch (error) {
    reportFault(context, 'using up a proof', error)
  }
}

async function isRemembered(
  { settings }: Context,
  request: PaidRequest,
  { digest }: KeyProof,
): Promise<boolean> {
  const known = networksOf(settings, request.address?.())
  const results = await settings.store.mark(
    (known.length > 0 ? known : UNKNOWN).map(({ of, times }) => ({
      name: `idleProofs:${of}`,
      member: digest,
      windowMs: IDLE_MS,
      most: MOST_IDLE * times,
    })),
  )
  return results.every(({ isMade }) => isMade)
}
