import type { Context } from '../context.js'
import type { PaidRequest } from '../paid-request.js'
import { mayActFor, signOutEverywhere } from '../proof/act-for.js'
import { type Answer, answerProblem } from '../refusal.js'
import { proofRequired } from '../top-up/outcome.js'
import { endedCookieHeader } from './forget-browser.js'
import { namedClient } from './named-client.js'

/**
 * Answers `POST /.well-known/stripe402/sign-out`: no device of the client of the `payment` header may spend any more, this
 * one included, until its card is charged or confirmed again.
 */
export async function answerSignOut(context: Context, request: PaidRequest): Promise<Answer> {
  const named = namedClient(context, request)
  if (named.type === 'refused') return answerProblem(named)
  const { clientId, evidence } = named
  if (!(await mayActFor(context, evidence, clientId))) return answerProblem(proofRequired())
  await signOutEverywhere(context, clientId)
  return { status: 204, headers: { 'cache-control': 'no-store', ...endedCookieHeader(request) }, body: '' }
}
