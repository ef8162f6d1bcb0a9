import { connect } from 'node:net'
import type { ClientHeaders } from './bench-client.js'

/** A kept-alive connection with one request under way at a time. */
export interface Connection {
  /** Sends a GET and calls back once its whole answer is here. */
  ask(path: string, onAnswer: () => void): void
  close(): void
}

const END_OF_HEAD = '\r\n\r\n'
const LENGTH = '\r\ncontent-length: '

/**
 * Opens a connection for each client.
 *
 * They do as little as a client can: what a load generator takes of the cores, the server and its store do not have.
 *
 * @throws what a socket fails with, and an Error for an answer other than 200, out of the event that tells it.
 */
export function openConnections(origin: string, clients: readonly ClientHeaders[]): Promise<Connection[]> {
  return Promise.all(clients.map((headers) => openConnection(origin, headers)))
}

function openConnection(origin: string, headers: ClientHeaders): Promise<Connection> {
  const { hostname, port, host } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`)
  let received = ''
  let answered: (() => void) | undefined
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received += chunk
    if (!isWhole(received)) return
    if (!received.startsWith('HTTP/1.1 200 ')) throw new Error(`${origin} answered ${received.slice(0, 200)}`)
    received = ''
    answered?.()
  })
  socket.on('end', () => {
    throw new Error(`${origin} hung up`)
  })
  return new Promise((resolve, reject) => {
    socket.once('error', reject).once('connect', () => {
      resolve({
        ask(path, onAnswer) {
          answered = onAnswer
          socket.write(`GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, 'latin1')
        },
        close: () => socket.destroy(),
      })
    })
  })
}

/** Whether an answer with a length has come as a whole. */
function isWhole(answer: string): boolean {
  const head = answer.indexOf(END_OF_HEAD)
  if (head < 0) return false
  const at = answer.slice(0, head).toLowerCase().indexOf(LENGTH)
  if (at < 0) throw new Error(`an answer without a length: ${answer.slice(0, 200)}`)
  return answer.length >= head + END_OF_HEAD.length + Number.parseInt(answer.slice(at + LENGTH.length), 10)
}
