import { HEADERS } from '@stripe402/core'
import { EXPOSED_HEADERS, type Grant } from '@stripe402/server'
import type { Response } from 'express'
import { holdBack } from './hold-back.js'

/**
 * Ends a grant by what the handler does: captured at the first byte of an answer below 400; released on 4xx, 5xx, or a
 * client that went away before it.
 *
 * Hooks `writeHead`, which every way of answering in Node and Express ends in, so that streams stay streams.
 */
export function settleOnResponse(response: Response, grant: Grant): void {
  const writeHead = response.writeHead
  const isWaiting = grant.settle === 'before-response'
  let isSettled = false

  function settle(status: number): Promise<void> {
    if (isSettled) return Promise.resolve()
    isSettled = true
    const isServed = status < 400
    const receipt = isServed ? grant.receipt() : grant.unspentReceipt()
    if (receipt !== null) response.setHeader(HEADERS.PAYMENT_RESPONSE, receipt)
    if (isServed && !response.hasHeader('cache-control')) response.setHeader('cache-control', 'private')
    response.vary('payment')
    response.append('access-control-expose-headers', EXPOSED_HEADERS)
    return isServed ? grant.capture() : grant.release()
  }

  response.once('close', () => {
    if (isSettled) return
    isSettled = true
    void grant.release()
  })
  if (isWaiting) {
    holdBack(response, settle)
    return
  }
  response.writeHead = (...args: [status: number, ...rest: unknown[]]) => {
    const [status] = args
    // 1xx answers are not the answer yet.
    if (status >= 200) void settle(status)
    return Reflect.apply(writeHead, response, args)
  }
}
