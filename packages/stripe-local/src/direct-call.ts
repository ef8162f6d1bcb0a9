import { ApiError } from './api-error.js'
import { checkAccess } from './api-keys.js'
import { type Expansion, expand, readExpand } from './expand.js'
import { canonicalForm, type FormTree } from './form.js'
import type { IdempotencyKeys, KeptAnswer, KeyState } from './idempotency.js'
import type { Viewer } from './objects/payment-method.js'
import { findRoute, type Route } from './route.js'
import { ROUTES } from './routes.js'
import type { World } from './world.js'

/** A call without HTTP around it: parameters as a tree instead of a form. */
export interface DirectCall {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  /** Values as a form has them: numbers and booleans are text, an array is a tree with the keys 0, 1, 2, … */
  params?: FormTree
  idempotencyKey?: string | undefined
  /** Whose key is used. Default `secret`. */
  viewer?: Viewer
  /** Stripe fails, without the effect or after it: a 500, which it keeps under the key. */
  fails?: 'before' | 'after' | undefined
}

/** What came of it: a status, and the object or `{ error }` that would be its JSON body. Not to be changed. */
export type DirectAnswer = Pick<KeptAnswer, 'status' | 'body'>

/**
 * Takes a call as it arrives and gives the function that carries it out; in between, its idempotency key is in use.
 *
 * Same endpoints, rights, parameters and idempotency as over HTTP, a hundred times in the time of one. Knows no `expand`,
 * no faults, and keeps no log.
 */
export function takeCall(
  { world, idempotency }: { world: World; idempotency: IdempotencyKeys },
  { method, path, params = {}, idempotencyKey, viewer = 'secret', fails }: DirectCall,
): () => DirectAnswer {
  try {
    const found = routeOf(method, path)
    checkAccess(viewer, found.route.access)
    const sent = { ...params }
    const expansions = sent.expand === undefined ? [] : readExpand(sent, found.route, viewer)
    const call = { id: found.id, path, params: sent, viewer }
    const key = method === 'POST' ? idempotencyKey : undefined
    const state =
      key === undefined ? null : idempotency.begin({ key, method, path, params: canonicalForm(params) })
    if (state?.kind === 'replay') return () => state.answer
    return () => carryOut(world, { route: found.route, call, state, fails, expansions })
  } catch (error) {
    const refused = refusalOf(error)
    return () => refused
  }
}

interface Work {
  route: Route
  call: Parameters<Route['run']>[1]
  state: Extract<KeyState, { kind: 'first' }> | null
  fails: DirectCall['fails']
  expansions: Expansion[]
}

const FAILURE: KeptAnswer = {
  status: 500,
  body: { error: { type: 'api_error', message: 'An unknown error occurred' } },
  requestId: '',
}

function carryOut(world: World, { route, call, state, fails, expansions }: Work): KeptAnswer {
  if (fails === 'before') {
    state?.finish(FAILURE)
    return FAILURE
  }
  let answer: KeptAnswer
  let isValidation = false
  try {
    const body = expand(world, route.run(world, call), expansions, call.viewer, route.isList)
    answer = { status: 200, body, requestId: '' }
  } catch (error) {
    answer = refusalOf(error)
    isValidation = error instanceof ApiError && error.isValidation
  }
  if (fails === 'after') answer = FAILURE
  state?.finish(isValidation ? null : answer)
  return answer
}

/** @throws what is a defect rather than a refusal */
function refusalOf(error: unknown): KeptAnswer {
  if (!(error instanceof ApiError)) throw error
  return { status: error.status, body: { error: error.body }, requestId: '' }
}

function routeOf(method: string, path: string): { route: Route; id: string } {
  const found = findRoute(ROUTES, method, path)
  if (!found) throw new Error(`The local Stripe has no ${method} ${path}.`)
  return found
}
