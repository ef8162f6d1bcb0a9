import type { Server } from 'node:http'
import { DemoError } from './demo-error.js'

/** Loopback: what is sold here is pretend, and nobody else's network needs to see it. */
const HOST = '127.0.0.1'

/**
 * Listens, and tells the port it got.
 *
 * @throws DemoError naming the variable that moves the port, when it is taken or not allowed.
 */
export async function listen(server: Server, port: number, variable: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port, variable)))
    server.listen(port, HOST, resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new TypeError('The server has no port.')
  return address.port
}

/** Says what to do about a port that cannot be had; other errors come back as they are. */
export function portError(error: unknown, port: number, variable: string): unknown {
  if (!(error instanceof Error && 'code' in error)) return error
  if (error.code === 'EADDRINUSE')
    return new DemoError(
      `Port ${port} is taken. Set ${variable} to another one, such as ${variable}=${port + 10} npm run demo, or ${variable}=0 for any free port.`,
      { cause: error },
    )
  if (error.code === 'EACCES')
    return new DemoError(
      `Port ${port} may not be used by this user. Set ${variable} to one above 1023, or to 0 for any free port.`,
      { cause: error },
    )
  return error
}
