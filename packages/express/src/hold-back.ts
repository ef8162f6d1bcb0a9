import type { Answer } from '@stripe402/server'
import type { Response } from 'express'
import { replaceAnswer } from './replace-answer.js'
import { wakeWriters } from './wake-writers.js'

/**
 * Lets a response be held back: from the moment `hold(until)` is called, nothing more leaves this process until `until`
 * has resolved; then everything does, in order, or the answer that it resolved to in its place.
 *
 * The head is composed at once all the same, so that nothing can change it any more. Only what is written in the
 * meantime is buffered, and a stream is asked to wait for `drain`.
 */
export function holdBack(response: Response): (until: Promise<Answer | null>) => void {
  const { write, end, flushHeaders } = response
  const wake = wakeWriters(response)
  let queue: (() => unknown)[] | null = null
  let isReplaced = false

  /** True when it was put off. */
  function putOff(call: () => unknown): boolean {
    if (isReplaced) return true
    // Node would compose the head only when the first byte goes out, and by then a fault may have made it another one.
    if (!response.headersSent) response.writeHead(response.statusCode)
    queue?.push(call)
    return queue !== null
  }

  function open(): void {
    const calls = queue ?? []
    queue = null
    try {
      let last: unknown
      for (const call of calls) last = call()
      // Whoever could not take it all drains by itself.
      if (last !== false) wake()
    } catch (error) {
      // What Node refuses to write; the handler that wrote it is long gone.
      response.destroy(error instanceof Error ? error : undefined)
    }
  }

  response.write = (...args: unknown[]) => {
    const call = (): boolean => Reflect.apply(write, response, args)
    return putOff(call) ? false : call()
  }
  response.end = (...args: unknown[]) => {
    const call = (): Response => Reflect.apply(end, response, args)
    if (!response.headersSent) tellLength(response, args)
    return putOff(call) ? response : call()
  }
  response.flushHeaders = () => {
    const call = (): void => flushHeaders.call(response)
    if (!putOff(call)) call()
  }
  return (until) => {
    queue ??= []
    void until.then((other) => {
      if (other === null) return open()
      isReplaced = true
      queue = null
      replaceAnswer(response, other)
    })
  }
}

/** The length of a body that is sent at once, which Node tells when it composes the head by itself. */
function tellLength(response: Response, [chunk, encoding]: unknown[]): void {
  const { statusCode } = response
  const isBodiless = response.req.method === 'HEAD' || statusCode === 204 || statusCode === 304
  if (
    isBodiless ||
    ['content-length', 'transfer-encoding', 'trailer'].some((name) => response.hasHeader(name))
  )
    return
  if (typeof chunk === 'string') {
    const known = typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8'
    response.setHeader('content-length', Buffer.byteLength(chunk, known))
  } else if (chunk instanceof Uint8Array) response.setHeader('content-length', chunk.byteLength)
  else if (chunk === undefined || chunk === null || typeof chunk === 'function')
    response.setHeader('content-length', 0)
}
