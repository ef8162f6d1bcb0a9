import type { FormTree } from './form.js'
import type { Viewer } from './objects/payment-method.js'
import type { World } from './world.js'

/** A request that reached its endpoint: key, parameters and idempotency have been looked at. */
export interface ApiCall {
  /** The `:id` of the path; empty where the path has none. */
  id: string
  /** The path as sent, for the `url` of lists. */
  path: string
  params: FormTree
  viewer: Viewer
}

/** The objects that `expand` can start from. */
export type ObjectName =
  | 'charge'
  | 'confirmation_token'
  | 'customer'
  | 'dispute'
  | 'early_fraud_warning'
  | 'event'
  | 'payment_intent'
  | 'payment_method'
  | 'refund'
  | 'setup_attempt'
  | 'setup_intent'
  | 'token'
  | 'webhook_endpoint'

/** One endpoint. */
export interface Route {
  method: 'GET' | 'POST' | 'DELETE'
  /** Segments that start with a colon stand for one id. */
  path: string
  /** A publishable key may call only what says `publishable`. */
  access: 'secret' | 'publishable'
  returns: ObjectName
  isList?: true
  /** Reads the parameters, changes the world and gives the answer's body. */
  run(world: World, call: ApiCall): object
}

/** Finds the endpoint for a method and a path, and the id in the path. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; id: string } | undefined {
  const sent = path.split('/')
  for (const route of routes) {
    if (route.method !== method) continue
    const wanted = route.path.split('/')
    if (wanted.length !== sent.length) continue
    if (!wanted.every((segment, at) => (segment.startsWith(':') ? sent[at] !== '' : segment === sent[at])))
      continue
    const at = wanted.findIndex((segment) => segment.startsWith(':'))
    return { route, id: at < 0 ? '' : (sent[at] ?? '') }
  }
  return undefined
}
