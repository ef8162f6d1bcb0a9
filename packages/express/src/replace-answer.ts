import { STATUS_CODES } from 'node:http'
import type { Answer } from '@stripe402/server'
import type { Response } from 'express'

/** What of the app's own headers lets a page of another origin read the answer. */
const SHARED = /^(?:access-control-|vary$)/

/**
 * Sends another answer than the one whose head Node has composed already, of which no byte has left. Node offers no way
 * back from a head, so this one is written past it, and the connection ends with it.
 */
export function replaceAnswer(response: Response, answer: Answer): void {
  // For logs that look at it afterwards.
  response.statusCode = answer.status
  const { socket } = response
  // An earlier answer of the connection is still under way.
  if (socket === null) {
    response.destroy()
    return
  }
  socket.end(textOf(response, answer), () => response.destroy())
}

function textOf(response: Response, { status, headers, body }: Answer): string {
  const shared = Object.entries(response.getHeaders()).filter(([name]) => SHARED.test(name))
  const lines = Object.entries({
    ...headers,
    ...Object.fromEntries(shared),
    'content-length': Buffer.byteLength(body),
    date: new Date().toUTCString(),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${String(value)}\r\n`)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`
  return response.req.method === 'HEAD' ? head : head + body
}
