import type { Answer } from '@stripe402/server'
import type { Response } from 'express'
import { exposeHeaders } from './paid-headers.js'

const FRAMES = 'x-frame-options'

/** Sends an answer of the engine as it is. A 402 to HEAD has the headers only. */
export function sendAnswer(response: Response, answer: Answer): void {
  if (response.headersSent) return
  const { vary, 'set-cookie': cookie, 'access-control-expose-headers': exposed, ...headers } = answer.headers
  // These two are lists that the app, or its CORS middleware, may have begun.
  if (vary !== undefined) response.vary(vary)
  if (exposed !== undefined) exposeHeaders(response)
  if (cookie !== undefined) response.appendHeader('set-cookie', cookie)
  // The app's own word on frames is stricter, or meant.
  if (response.hasHeader(FRAMES)) delete headers[FRAMES]
  response.status(answer.status).set(headers)
  response.end(response.req.method === 'HEAD' ? undefined : answer.body)
}
