import type { Paying } from '../client.js'

/** An `XMLHttpRequest` that pays. */
export function payingXMLHttpRequest(
  Original: typeof XMLHttpRequest,
  _paying: Paying,
): typeof XMLHttpRequest {
  return Original
}
