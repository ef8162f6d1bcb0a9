import { createServer, type Server } from 'node:http'
import type { TestProject } from 'vitest/node'
import { createSeller } from './seller.fixture.js'

declare module 'vitest' {
  interface ProvidedContext {
    /** Two origins of their own. */
    sellers: [string, string]
  }
}

/** Starts two sellers on free ports for the whole run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [one, two] = [createServer(createSeller()), createServer(createSeller())]
  project.provide('sellers', [await listen(one), await listen(two)])
  return async () => {
    await Promise.all([close(one), close(two)])
  }
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`)
    }),
  )
}

function close(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
