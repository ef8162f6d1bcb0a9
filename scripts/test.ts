import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumPath } from './browser.js'
import { build } from './build.js'
import { check } from './check.js'
import { prepare } from './prepare.js'
import { runCommand, secondsSince } from './run-command.js'
import { isTransparencyPageFresh } from './transparency.js'

interface Tally {
  passed: number
  failed: number
  skipped: number
}

const folder = mkdtempSync(join(tmpdir(), 'stripe402-test-'))
const startedAt = performance.now()
const tallies: { name: string; tally: Tally; seconds: string }[] = []

// A machine without Redis or Chromium fails everywhere at once; one message says it better.
if (await stage('preparation', asTally(prepare))) {
  const isBuilt = await stage('build', asTally(build))
  await stage('check', asTally(failWhenFalse(check)))
  await stage('vitest', runVitest)
  if (isBuilt) await stage('playwright', runPlaywright)
}
rmSync(folder, { recursive: true, force: true })

console.log()
for (const { name, tally, seconds } of tallies)
  console.log(
    `${name.padEnd(12)} ${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped (${seconds})`,
  )
console.log(`in ${secondsSince(startedAt)}`)
const total = tallies.reduce<Tally>((sum, { tally }) => add(sum, tally), { passed: 0, failed: 0, skipped: 0 })
if (total.failed > 0) process.exitCode = 1
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)

/** Runs one part and keeps its tally; true when nothing in it failed. */
async function stage(name: string, run: () => Promise<Tally>): Promise<boolean> {
  console.log(`\n── ${name}`)
  const stageStartedAt = performance.now()
  const tally = await run()
  tallies.push({ name, tally, seconds: secondsSince(stageStartedAt) })
  return tally.failed === 0
}

/** A part that is not made of tests: it adds nothing when it succeeds, and one failure when it does not. */
function asTally(run: () => Promise<void>): () => Promise<Tally> {
  return async () => {
    try {
      await run()
      return { passed: 0, failed: 0, skipped: 0 }
    } catch (error) {
      console.error(`✗ ${error instanceof Error ? error.message : error}`)
      return { passed: 0, failed: 1, skipped: 0 }
    }
  }
}

function failWhenFalse(run: () => Promise<boolean>): () => Promise<void> {
  return async () => {
    if (!(await run())) throw new Error('A check failed.')
  }
}

async function runVitest(): Promise<Tally> {
  const file = join(folder, 'vitest.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const { code } = await runCommand('vitest', args, {
    isShown: true,
    env: { CHROMIUM_PATH: await chromiumPath() },
  })
  const report = readReport(file)
  const isStale = code === 0 && !isTransparencyPageFresh(report)
  if (isStale) console.error('✗ docs/transparency.md is old: run "npx tsx scripts/transparency.ts".')
  return withCrash(code, {
    passed: count(report, 'numPassedTests'),
    failed: count(report, 'numFailedTests') + (isStale ? 1 : 0),
    skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
  })
}

async function runPlaywright(): Promise<Tally> {
  const file = join(folder, 'playwright.json')
  const { code } = await runCommand('playwright', ['test', '--reporter=list,json'], {
    isShown: true,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  })
  const stats = member(readReport(file), 'stats')
  return withCrash(code, {
    passed: count(stats, 'expected'),
    failed: count(stats, 'unexpected') + count(stats, 'flaky'),
    skipped: count(stats, 'skipped'),
  })
}

/** A runner that failed without a failed test has crashed, or a file did not load. */
function withCrash(code: number, tally: Tally): Tally {
  const isCrashed = tally.failed === 0 && (code !== 0 || tally.passed === 0)
  return isCrashed ? { ...tally, failed: 1 } : tally
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function count(report: unknown, name: string): number {
  const value = member(report, name)
  return typeof value === 'number' ? value : 0
}

function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}
