import { connect, type Socket } from 'node:net'

/** How many requests are under way at once on one connection. */
const DEPTH = 16

/**
 * Sends raw requests over one kept connection, several at a time as HTTP/1.1 allows, and counts the statuses.
 *
 * @throws Error when the server closes the connection before it has answered.
 */
export function pipeline(port: number, requests: Iterable<string>): Promise<Map<number, number>> {
  const statuses = new Map<number, number>()
  const waiting = requests[Symbol.iterator]()
  const socket = connect(port, '127.0.0.1')
  let underWay = 0
  let text = ''

  function send(): void {
    while (underWay < DEPTH) {
      const next = waiting.next()
      if (next.done) break
      underWay += 1
      socket.write(next.value, 'latin1')
    }
    if (underWay === 0) socket.end()
  }

  return new Promise((resolve, reject) => {
    socket.setEncoding('latin1')
    socket.on('connect', send)
    socket.on('data', (chunk: string) => {
      text += chunk
      for (let answer = takeAnswer(text); answer; answer = takeAnswer(text)) {
        text = text.slice(answer.length)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        underWay -= 1
      }
      send()
    })
    socket.on('error', reject)
    socket.on('close', () => {
      if (underWay === 0) resolve(statuses)
      else reject(new Error(`closed with ${underWay} requests unanswered: ${last(socket, text)}`))
    })
  })
}

function last(socket: Socket, text: string): string {
  return `${socket.bytesWritten} bytes written, left: ${text.slice(0, 200)}`
}

/** The first whole answer of a text, whose body has a length or comes in chunks. */
function takeAnswer(text: string): { status: number; length: number } | null {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = text.slice(0, end)
  const status = Number(head.slice(9, 12))
  const length = end + 4 + Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  return text.length < length ? null : { status, length }
}
