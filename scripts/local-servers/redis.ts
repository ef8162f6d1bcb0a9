import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type LocalServer,
  run,
  runOnFreePort,
  type ServerCommand,
  ServerNotFoundError,
} from './local-server.js'

/** Settings of {@link startRedis}. */
export interface RedisOptions {
  /** Lines of `redis.conf`, by name. The defaults keep every acknowledged write: AOF with `appendfsync always`. */
  settings?: Readonly<Record<string, string>>
}

/**
 * Starts a `redis-server` of our own.
 *
 * @throws {@link ServerNotFoundError} when none is installed.
 */
export async function startRedis({ settings = {} }: RedisOptions = {}): Promise<LocalServer> {
  const file = findRedis()
  const folder = await mkdtemp(join(tmpdir(), 'stripe402-redis-'))
  const all = { appendonly: 'yes', appendfsync: 'always', save: '', ...settings }
  const commandFor = (port: number): ServerCommand => ({
    file,
    args: Object.entries({ ...all, bind: '127.0.0.1', port: String(port), dir: folder }).flatMap(
      ([name, value]) => [`--${name}`, ...value.split(' ')],
    ),
    readyLine: /Ready to accept connections/,
  })
  const started = await runOnFreePort(commandFor)
  const { port } = started
  let { server } = started
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    stop: async () => {
      // In order it would first wait for replicas and for a file that is deleted next.
      await server.end('SIGKILL')
      // A child that was writing a snapshot may outlive its parent for a moment.
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
    kill: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGTERM')
      server = await run(commandFor(port))
    },
  }
}

function findRedis(): string {
  for (const file of [
    'redis-server',
    '/usr/bin/redis-server',
    '/usr/local/bin/redis-server',
    'valkey-server',
  ])
    try {
      execFileSync(file, ['--version'], { stdio: 'ignore' })
      return file
    } catch {}
  throw new ServerNotFoundError(
    'No redis-server was found. Install it: "apt-get install redis-server" on Debian and Ubuntu, "brew install redis" on macOS.',
  )
}
