import type { Grant } from '@stripe402/server'
import type { Response } from 'express'
import { holdBack } from './hold-back.js'
import { labelPaid, takeHeaders, unlabelPaid } from './paid-headers.js'

/**
 * Ends a grant by what the handler does: captured when the head of an answer below 400 stands; released on 4xx, 5xx, or
 * a client that went away before it.
 *
 * Hooks `writeHead`, which every way of answering in Node and Express ends in, so that streams stay streams.
 */
export function settleOnResponse(response: Response, grant: Grant): void {
  const hold = grant.settle === 'before-response' ? holdBack(response) : null
  const { writeHead } = response
  let isSettled = false

  response.once('close', () => {
    if (isSettled) return
    isSettled = true
    void grant.release()
  })

  response.writeHead = (...args: [status: number, ...rest: unknown[]]) => {
    const [status, ...rest] = args
    // 1xx answers are not the answer yet; a second head is Node's to refuse.
    if (!(status >= 200) || isSettled) return Reflect.apply(writeHead, response, args)
    const isServed = status < 400
    const reason = takeHeaders(response, rest)
    labelPaid(response, grant, isServed)
    try {
      Reflect.apply(writeHead, response, [status, ...reason])
    } catch (error) {
      // Node refused the status: this was no answer, and nobody pays for it.
      unlabelPaid(response)
      throw error
    }
    isSettled = true
    if (!isServed) void grant.release()
    else if (hold) hold(grant.capture())
    else void grant.capture()
    return response
  }
}
