import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { installDebianPackage } from './debian-package.js'
import { ROOT, runCommand } from './run-command.js'

const REMEMBERED = `${ROOT}node_modules/.cache/stripe402/chromium-path`
const OF_THE_SYSTEM = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Without these, a Chromium without a network tries to reach its maker at every start. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]
/** Command line of a Chromium under test; one that runs as root cannot have a sandbox. */
export const CHROMIUM_ARGS: string[] = process.getuid?.() === 0 ? ['--no-sandbox', ...QUIET] : QUIET

/**
 * The Chromium that tests run in.
 *
 * `CHROMIUM_PATH`, else Playwright's own (downloaded when it is not there), else the system's, else Debian's package.
 * The answer is remembered until `node_modules` goes.
 *
 * @throws Error that names the command to run when there is none.
 */
export async function chromiumPath(): Promise<string> {
  const asked = process.env.CHROMIUM_PATH
  if (asked) {
    if (!canRun(asked)) throw new Error(`CHROMIUM_PATH is ${asked}, which does not run.`)
    return asked
  }
  const remembered = existsSync(REMEMBERED) ? readFileSync(REMEMBERED, 'utf8') : ''
  if (remembered && existsSync(remembered)) return remembered
  const found = (await ofPlaywright()) ?? OF_THE_SYSTEM.find(canRun) ?? (await ofDebian())
  mkdirSync(dirname(REMEMBERED), { recursive: true })
  writeFileSync(REMEMBERED, found)
  return found
}

async function ofPlaywright(): Promise<string | undefined> {
  const path = chromium.executablePath()
  if (canRun(path)) return path
  console.log('  downloading Chromium with "playwright install chromium" …')
  await runCommand('playwright', ['install', 'chromium'], {
    env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    // A network that swallows packets would otherwise be tried for minutes, on mirror after mirror.
    progress: { line: /\d+%/, withinMs: 20_000 },
  })
  return canRun(path) ? path : undefined
}

async function ofDebian(): Promise<string> {
  const obstacle = await installDebianPackage('chromium')
  const found = OF_THE_SYSTEM.find(canRun)
  if (found) return found
  throw new Error(
    `No Chromium was found. Run "npx playwright install --with-deps chromium" or "apt-get install chromium", or set CHROMIUM_PATH. (${obstacle ?? 'The installed one does not run.'})`,
  )
}

/** Also false for a download whose system libraries are missing. */
function canRun(path: string): boolean {
  if (!existsSync(path)) return false
  try {
    execFileSync(path, ['--version', '--no-sandbox'], { stdio: 'ignore', timeout: 20_000 })
    return true
  } catch {
    return false
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await chromiumPath())
