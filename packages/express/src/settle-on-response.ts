import type { Grant } from '@stripe402/server'
import type { Request, Response } from 'express'
import { hookOne, isExtended } from './extend-express.js'
import { holdBack } from './hold-back.js'
import { type Gate, type Settlement, settlementOf } from './settlement.js'

/**
 * Lets a grant end by what the handler does: captured when the head of an answer below 400 stands; released on 4xx, 5xx,
 * or a client that went away before it.
 *
 * @returns null when something has answered before this price was granted.
 */
export function settleOnResponse(
  { request, response }: { request: Request; response: Response },
  grant: Grant,
  gate: Gate,
): Settlement | null {
  // First of all: the response is another one to V8 from then on, and what it had learned about it is lost.
  const settlement = settlementOf(response)
  if (settlement.isSettled || response.headersSent) {
    void grant.release()
    return null
  }
  if (grant.settle === 'before-response') settlement.holdUntil ??= holdBack(response)
  const { cutOff } = grant
  if (cutOff)
    response.once('close', () => {
      if (response.headersSent && !response.writableFinished) void cutOff()
    })
  settlement.grants.push(grant)
  settlement.gates.push(gate)
  if (gate.sharedHook !== 'kept' || !isExtended(response)) hookOne(request, response, settlement)
  return settlement
}

/** Ask once a handler has not answered at once: another copy of Express may have the response by now. */
export function keepHook(request: Request, response: Response, settlement: Settlement): void {
  if (settlement.isSettled || settlement.isHooked || isExtended(response)) return
  for (const gate of settlement.gates) gate.sharedHook = 'lost'
  hookOne(request, response, settlement)
}
