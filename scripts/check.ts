import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { checkPackageContents } from './package-contents.js'
import { type Finished, ROOT, runCommand, secondsSince } from './run-command.js'

const PUBLISHED = ['core', 'server', 'express', 'client', 'paywall']

/** In this order: publint looks at what has been built. */
const STEPS: { name: string; run: () => Promise<Finished> }[] = [
  { name: 'format and lint', run: () => runCommand('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'types', run: () => runCommand('tsc', ['-b']) },
  { name: 'bundles', run: () => runCommand('tsx', ['scripts/build.ts']) },
  { name: 'embedded sources', run: () => runCommand('tsx', ['scripts/embed-sources.ts', '--check']) },
  {
    name: 'element manifest',
    run: () => runCommand('tsx', ['scripts/element-manifest.ts', '--check']),
  },
  { name: 'unused code', run: () => runCommand('knip', ['--no-progress']) },
  { name: 'packages', run: checkPackages },
  { name: 'package contents', run: () => checkPackageContents(PUBLISHED) },
  { name: 'sizes', run: () => runCommand('tsx', ['scripts/size.ts']) },
  { name: 'lockfile', run: checkLockfile },
]

/** Runs every check, prints a line for each, and the output of those that failed. True when all passed. */
export async function check(): Promise<boolean> {
  let isGood = true
  for (const { name, run } of STEPS) {
    const startedAt = performance.now()
    const { code, output } = await run()
    console.log(`${code === 0 ? '✓' : '✗'} ${name}: ${secondsSince(startedAt)}`)
    if (code === 0) continue
    console.log(output)
    isGood = false
  }
  return isGood
}

/** As npm would pack them: every file that `exports` names must be there and be what it says. */
async function checkPackages(): Promise<Finished> {
  const problems = PUBLISHED.map(async (name) => {
    const { messages, pkg } = await publint({ pkgDir: `${ROOT}packages/${name}`, strict: true })
    return messages.map((message) => `${name}: ${formatMessage(message, pkg) ?? message.code}\n`)
  })
  const output = (await Promise.all(problems)).flat().join('')
  return { code: output === '' ? 0 : 1, output }
}

/**
 * An address in the lockfile would bind everybody to one machine's registry. An entry that is missing for another
 * platform, which npm leaves out when a registry has no such package, makes `npm ci` refuse on every platform.
 */
async function checkLockfile(): Promise<Finished> {
  const text = readFileSync(`${ROOT}package-lock.json`, 'utf8')
  const addresses = text.match(/"resolved": "\w+:\/\/.*"/g) ?? []
  const { packages }: Lockfile = JSON.parse(text)
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !(`node_modules/${name}` in packages || `${path}/node_modules/${name}` in packages),
    ),
  )
  const output = [
    ...addresses.map(
      (address) => `${address} is an address: run "npm install --omit-lockfile-registry-resolved".\n`,
    ),
    ...missing.map((name) => `${name} has no entry: restore it from the last commit.\n`),
  ].join('')
  return { code: output === '' ? 0 : 1, output }
}

interface Lockfile {
  packages: Record<string, { optionalDependencies?: Record<string, string> }>
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = (await check()) ? 0 : 1
