import type { Response } from 'express'

type Call = () => void

/**
 * Keeps the head, and whatever follows it, until `settle(status)` has resolved; then lets everything through in order.
 *
 * Nothing else is buffered: once the head is out, writes go straight to the socket again.
 */
export function holdBack(response: Response, settle: (status: number) => Promise<void>): void {
  const original = {
    writeHead: response.writeHead,
    write: response.write,
    end: response.end,
    flushHeaders: response.flushHeaders,
  }
  let queue: Call[] | null = null

  function restore(): void {
    Object.assign(response, original)
    for (const call of queue ?? []) call()
    queue = null
    response.emit('drain')
  }

  function enqueue(status: number, call: Call): void {
    if (queue) {
      queue.push(call)
      return
    }
    queue = [call]
    settle(status).finally(restore)
  }

  response.writeHead = (...args: [status: number, ...rest: unknown[]]) => {
    const [status] = args
    if (status < 200) return Reflect.apply(original.writeHead, response, args)
    // What a handler reads back after writeHead.
    response.statusCode = status
    enqueue(status, () => Reflect.apply(original.writeHead, response, args))
    return response
  }
  response.flushHeaders = () => enqueue(response.statusCode, () => original.flushHeaders.call(response))
  response.write = (...args: unknown[]) => {
    enqueue(response.statusCode, () => Reflect.apply(original.write, response, args))
    return false
  }
  response.end = (...args: unknown[]) => {
    enqueue(response.statusCode, () => Reflect.apply(original.end, response, args))
    return response
  }
}
