import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, runCommand, secondsSince } from './run-command.js'
import { tightenPaywall } from './tight-templates.js'

/** A bundle made of files and folders; made again only when one of them changed. */
interface Bundle {
  name: string
  command: [file: string, ...args: string[]]
  inputs: string[]
  output: string
}

/** What is published or started; the tests' own projects are checked by `npm run check`. */
const LIBRARIES = [
  'packages/core/tsconfig.lib.json',
  'packages/stripe-local/tsconfig.lib.json',
  'packages/server/tsconfig.lib.json',
  'packages/express/tsconfig.lib.json',
  'packages/client/tsconfig.lib.json',
  'packages/paywall/tsconfig.lib.json',
  'demo/tsconfig.server.json',
]

const BROWSER_SOURCES = [
  'packages/core/src',
  'packages/client/src',
  'packages/paywall/src',
  'package-lock.json',
]

const BUNDLES: Bundle[] = [
  {
    name: 'local Stripe.js',
    command: ['tsx', 'scripts/build-stripe-js.ts'],
    inputs: ['scripts/build-stripe-js.ts', 'packages/stripe-local/src', 'package-lock.json'],
    output: 'packages/stripe-local/dist/stripe-js/stripe.js',
  },
  {
    name: 'paywall for CDNs',
    command: ['tsx', 'scripts/build-paywall-cdn.ts'],
    inputs: ['scripts/build-paywall-cdn.ts', 'scripts/tight-templates.ts', ...BROWSER_SOURCES],
    output: 'packages/paywall/dist/stripe402-paywall.js',
  },
  {
    name: 'demo site',
    command: ['vite', 'build', '--config', 'demo/vite.config.ts'],
    inputs: ['demo/vite.config.ts', 'demo/site', ...BROWSER_SOURCES],
    output: 'demo/dist/site/index.html',
  },
]

const STAMPS = `${ROOT}node_modules/.cache/stripe402/build.json`

/**
 * Builds everything that is published or started, in the order of dependency, and leaves alone what is up to date.
 *
 * @throws Error with the output of the step that failed.
 */
export async function build(): Promise<void> {
  await step('TypeScript', ['tsc', '-b', ...LIBRARIES])
  tightenPaywall()
  const stamps = readStamps()
  for (const { name, command, inputs, output } of BUNDLES) {
    const stamp = fingerprint(inputs)
    if (stamps[name] === stamp && existsSync(join(ROOT, output))) {
      console.log(`✓ ${name}: up to date`)
      continue
    }
    await step(name, command)
    if (!existsSync(join(ROOT, output))) throw new Error(`${name}: the build left no ${output}.`)
    stamps[name] = stamp
    mkdirSync(dirname(STAMPS), { recursive: true })
    writeFileSync(STAMPS, JSON.stringify(stamps))
  }
}

async function step(name: string, [file, ...args]: [string, ...string[]]): Promise<void> {
  const startedAt = performance.now()
  const { code, output } = await runCommand(file, args)
  if (code !== 0) throw new Error(`${name} failed:\n${output}`)
  console.log(`✓ ${name}: ${secondsSince(startedAt)}`)
}

function readStamps(): Record<string, unknown> {
  try {
    return { ...JSON.parse(readFileSync(STAMPS, 'utf8')) }
  } catch {
    return {}
  }
}

/** Changes when a file comes, goes, or is written. */
function fingerprint(inputs: string[]): string {
  const hash = createHash('sha256')
  for (const input of inputs) addTo(hash, join(ROOT, input))
  return hash.digest('hex')
}

function addTo(hash: ReturnType<typeof createHash>, path: string): void {
  const stats = statSync(path)
  if (stats.isDirectory()) for (const name of readdirSync(path).sort()) addTo(hash, join(path, name))
  else hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build().catch((error: unknown) => {
    console.error(`✗ ${error instanceof Error ? error.message : error}`)
    process.exitCode = 1
  })
}
