import type { Answer } from '@stripe402/server'
import type { Response } from 'express'

/** Sends an answer of the engine as it is. A 402 to HEAD has the headers only. */
export function sendAnswer(response: Response, answer: Answer): void {
  if (response.headersSent) return
  const { vary, ...headers } = answer.headers
  if (vary !== undefined) response.vary(vary)
  response.status(answer.status).set(headers)
  response.end(response.req.method === 'HEAD' ? undefined : answer.body)
}
