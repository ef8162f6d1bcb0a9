import { fileURLToPath } from 'node:url'
import { chromiumPath } from './browser.js'
import { installDebianPackage } from './debian-package.js'
import { type LocalServer, ServerNotFoundError, startPostgres, startRedis } from './local-servers.js'
import { secondsSince } from './run-command.js'

/**
 * Sees to it that the tests find a Redis, a PostgreSQL and a Chromium, and brings what is missing where it may.
 *
 * Each server is started once in a temporary folder and stopped again, which is the only proof that it runs.
 *
 * @throws Error that names the command to run for what it could not bring.
 */
export async function prepare(): Promise<void> {
  await step('Redis', () => ensureServer(startRedis, 'redis-server'))
  await step('PostgreSQL', () => ensureServer(startPostgres, 'postgresql'))
  await step('Chromium', chromiumPath)
}

async function ensureServer(start: () => Promise<LocalServer>, debianPackage: string): Promise<string> {
  const server = await start().catch(async (error: unknown) => {
    if (!(error instanceof ServerNotFoundError)) throw error
    const obstacle = await installDebianPackage(debianPackage)
    if (obstacle) throw new Error(`${error.message} (It was not installed for you: ${obstacle}.)`)
    return start()
  })
  await server.stop()
  return 'starts and stops'
}

async function step(name: string, ensure: () => Promise<string>): Promise<void> {
  const startedAt = performance.now()
  console.log(`✓ ${name}: ${await ensure()} (${secondsSince(startedAt)})`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare().catch((error: unknown) => {
    console.error(`✗ ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  })
}
