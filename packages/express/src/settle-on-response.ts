import type { Grant } from '@stripe402/server'
import type { Request, Response } from 'express'
import { hookOne, isExtended } from './extend-express.js'
import { holdBack } from './hold-back.js'
import type { Settlement } from './settlement.js'

/**
 * Lets a grant end by what the handler does: captured when the head of an answer below 400 stands; released on 4xx, 5xx,
 * or a client that went away before it.
 */
export function settleOnResponse(
  { request, response }: { request: Request; response: Response },
  settlement: Settlement,
  grant: Grant,
): void {
  // Something has answered before this price was granted.
  if (settlement.isSettled || response.headersSent) return void grant.release()
  if (grant.settle === 'before-response') settlement.holdUntil ??= holdBack(response)
  settlement.grants.push(grant)
  if (!isExtended(response)) hookOne(request, response, settlement)
}
