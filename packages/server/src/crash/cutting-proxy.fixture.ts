import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import type { Dialect } from './dialect.fixture.js'

/** Stands between a store and its server, and cuts connections when the server has done what it was asked. */
export interface CuttingProxy {
  port: number
  /** From now on every so-many-th command of a connection is carried out but its answer never arrives; 0: none. */
  cutEvery(count: number): void
  /** How many connections were cut in all. */
  cuts(): number
  stop(): Promise<void>
}

/** Starts a proxy on a free port that understands what passes through it. */
export async function startCuttingProxy(targetPort: number, dialect: Dialect): Promise<CuttingProxy> {
  let every = 0
  let cuts = 0
  const sockets = new Set<Socket>()

  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1')
    const conversation = dialect()
    let commands = 0
    const close = (): void => {
      for (const socket of [client, upstream]) {
        socket.destroy()
        sockets.delete(socket)
      }
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay().on('close', close).on('error', close)
    }
    client.on('data', (chunk: Buffer) => {
      conversation.hear(chunk, () => {
        commands += 1
        return every > 0 && commands % every === 0
      })
      upstream.write(chunk)
    })
    upstream.on('data', (chunk: Buffer) => {
      const { before, isDoomed } = conversation.answer(chunk)
      if (before.length > 0) client.write(before)
      if (!isDoomed) return
      cuts += 1
      // What came before has been acknowledged; it must still arrive.
      upstream.destroy()
      client.end(() => client.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('the proxy has no port')
  return {
    port: address.port,
    cutEvery(count) {
      every = count
    },
    cuts: () => cuts,
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
