import type { Payment } from '@stripe402/core'
import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { type KeyProof, PROOF_SLACK_MS, readKeyProof } from './key-proof.js'
import { readSession, type Session } from './session-token.js'

/** What a request shows besides naming somebody. */
export interface Evidence {
  /** A token that has not run out. */
  session: Readonly<Session> | null
  /** A key that signed this request. The signature may have been seen before, in a log. */
  key: KeyProof | null
  /** The key, unless another request came with the same signature before: for whatever a thief would want. */
  claimKey(): Promise<KeyProof | null>
  /** Whether somebody has claimed it for this request, successfully or not. */
  isClaimed(): boolean
}

/** A request is asked for its evidence by several steps, and its proof is good once. */
const read = new WeakMap<PaidRequest, Evidence>()

/** What most requests show: none. */
const NOTHING: Evidence = {
  session: null,
  key: null,
  claimKey: () => Promise.resolve(null),
  isClaimed: () => false,
}

/** Reads the token and the proof of a payment. */
export function evidenceOf(context: Context, request: PaidRequest, payment: Payment): Evidence {
  if (payment.proof === undefined) {
    const session = readSession(context.settings, payment.session)
    return session ? { ...NOTHING, session } : NOTHING
  }
  const known = read.get(request)
  if (known) return known
  const { settings } = context
  const { session, proof, requestId } = payment
  const { origins, runtime } = settings
  const key = readKeyProof(proof, { request, requestId, nowMs: runtime.now(), origins })
  let claimed: Promise<KeyProof | null> | undefined
  const evidence: Evidence = {
    session: readSession(settings, session),
    key,
    claimKey: () => {
      claimed ??= key ? claim(context, key, request.pricesBefore ?? 0) : Promise.resolve(null)
      return claimed
    },
    isClaimed: () => claimed !== undefined,
  }
  read.set(request, evidence)
  return evidence
}

/** What a request has shown so far; nothing of one without a proof. */
export function knownEvidence(request: PaidRequest): Evidence | undefined {
  return read.get(request)
}

/** A route within a paid router is a second price of one request, under one proof. */
async function claim({ settings }: Context, key: KeyProof, pricesBefore: number): Promise<KeyProof | null> {
  const [result] = await settings.store.mark([
    {
      name: `proof:${key.digest}:${pricesBefore}`,
      member: settings.runtime.randomUUID(),
      windowMs: 3 * PROOF_SLACK_MS,
      most: 1,
    },
  ])
  return result?.isMade ? key : null
}
