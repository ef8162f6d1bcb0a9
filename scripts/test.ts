import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromiumPath } from './browser.js'
import { build } from './build.js'
import { check } from './check.js'
import { prepare } from './prepare.js'
import { ROOT, runCommand, secondsSince } from './run-command.js'
import { type Tally, tallyOfPlaywright, tallyOfVitest } from './test-report.js'
import { isTransparencyPageFresh } from './transparency.js'

/** More than so many failures are no accident. */
const MOST_UNSTEADY = 3
/** What charges twice once in a while charges twice. */
const SEEN_ONCE_IS_TRUE = /^(packages\/server\/src\/(crash|simulator)\/|e2e\/one-charge)/
/** The longest file takes a minute; a machine that is five times as slow may still get there. */
const STANDS_STILL = { line: /\S/, withinMs: 6 * 60_000 }
const NOTHING: Tally = { passed: 0, failures: [], failedFiles: [], skipped: 0 }
/** Passed on, they are no terminals. */
const COLORS: Record<string, string> = process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}
const folder = mkdtempSync(join(tmpdir(), 'stripe402-test-'))
const startedAt = performance.now()
const tallies: { name: string; tally: Tally; seconds: string }[] = []
const unsteady: string[] = []

// A machine without Redis or Chromium fails everywhere at once; one message says it better.
if (await stage('preparation', asTally(prepare))) {
  const isBuilt = await stage('build', asTally(build))
  await stage('check', asTally(failWhenFalse(check)))
  await stage('vitest', () => withSecondLook(runVitest))
  if (isBuilt) await stage('playwright', () => withSecondLook(runPlaywright))
}
rmSync(folder, { recursive: true, force: true })

console.log()
for (const { name, tally, seconds } of tallies) console.log(`${name.padEnd(12)} ${told(tally)} (${seconds})`)
console.log(`in ${secondsSince(startedAt)}`)
const total = tallies.reduce<Tally>((sum, { tally }) => add(sum, tally), NOTHING)
for (const failure of unsteady) console.log(`~ did not fail again, and has to be looked into: ${failure}`)
for (const failure of total.failures) console.log(`✗ ${failure}`)
if (total.failures.length > 0) process.exitCode = 1
console.log(told(total))

/** What a runner came to. */
type Ran = Tally & { stoodStill?: boolean }

/** Runs one part and keeps its tally; true when nothing in it failed. */
async function stage(name: string, run: () => Promise<Tally>): Promise<boolean> {
  console.log(`\n── ${name}`)
  const stageStartedAt = performance.now()
  const tally = await run()
  tallies.push({ name, tally, seconds: secondsSince(stageStartedAt) })
  return tally.failures.length === 0
}

/** A part that is not made of tests: it adds nothing when it succeeds, and one failure when it does not. */
function asTally(run: () => Promise<void>): () => Promise<Tally> {
  return async () => {
    try {
      await run()
      return NOTHING
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error)
      console.error(`✗ ${failure}`)
      return { ...NOTHING, failures: [failure] }
    }
  }
}

function failWhenFalse(run: () => Promise<boolean>): () => Promise<void> {
  return async () => {
    if (!(await run())) throw new Error('A check failed.')
  }
}

/**
 * Runs the files of a few failures once more. What does not fail again is told as unsteady and does not fail the run: of thousands of
 * tests on browsers and servers one may meet a machine that stood still. Those of money have no second try. A run that ended for
 * want of progress has told nothing, and is made once more.
 */
async function withSecondLook(run: (files: readonly string[]) => Promise<Ran>): Promise<Tally> {
  const first = await run([])
  const { failures, failedFiles } = first
  if (first.stoodStill) {
    console.log(`\n── all of it again: ${failures.join()}`)
    unsteady.push(...failures)
    return await run([])
  }
  const isAboutMoney = failedFiles.some((file) => SEEN_ONCE_IS_TRUE.test(file))
  if (failedFiles.length === 0 || failures.length > MOST_UNSTEADY || isAboutMoney) return first
  console.log(`\n── a second look at ${failedFiles.join(', ')}`)
  const second = await run(failedFiles)
  if (second.failures.length > 0) return { ...first, failures: second.failures }
  unsteady.push(...failures)
  return { ...first, passed: first.passed + failures.length, failures: [] }
}

async function runVitest(files: readonly string[]): Promise<Ran> {
  const file = join(folder, 'vitest.json')
  const running = join(folder, 'running.txt')
  const reporters = ['default', 'json', `${ROOT}scripts/running-reporter.ts`].map(
    (name) => `--reporter=${name}`,
  )
  const ended = await runCommand('vitest', ['run', ...reporters, `--outputFile.json=${file}`, ...files], {
    isShown: true,
    env: { CHROMIUM_PATH: await chromiumPath(), RUNNING_FILE: running, ...COLORS },
    progress: STANDS_STILL,
  })
  if (ended.stoodStill) return standstill(`vitest, in ${readIfThere(running) || 'no file'}`)
  const report = readReport(file)
  const tally = withCrash('vitest', ended.code, tallyOfVitest(report))
  // A row of a test that failed is known to be wrong already.
  if (tally.failures.length > 0 || files.length > 0 || isTransparencyPageFresh(report)) return tally
  const stale = 'docs/transparency.md is old: run "npx tsx scripts/transparency.ts".'
  return { ...tally, failures: [stale] }
}

async function runPlaywright(files: readonly string[]): Promise<Ran> {
  const file = join(folder, 'playwright.json')
  const ended = await runCommand('playwright', ['test', '--reporter=list,json', ...files], {
    isShown: true,
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, ...COLORS },
    progress: STANDS_STILL,
  })
  if (ended.stoodStill) return standstill('playwright')
  return withCrash('playwright', ended.code, tallyOfPlaywright(readReport(file)))
}

function standstill(where: string): Ran {
  const failure = `nothing was printed for ${STANDS_STILL.withinMs / 60_000} minutes by ${where}`
  return { ...NOTHING, failures: [failure], stoodStill: true }
}

/** A runner that failed without a failed test has crashed. */
function withCrash(name: string, code: number, tally: Tally): Tally {
  const isCrashed = tally.failures.length === 0 && (code !== 0 || tally.passed === 0)
  return isCrashed
    ? { ...tally, failures: [`${name} ended with exit code ${code} and no failed test`] }
    : tally
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function readReport(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

function told({ passed, failures, skipped }: Tally): string {
  return `${passed} passed, ${failures.length} failed, ${skipped} skipped`
}

function add(one: Tally, other: Tally): Tally {
  return {
    passed: one.passed + other.passed,
    failures: [...one.failures, ...other.failures],
    failedFiles: [...one.failedFiles, ...other.failedFiles],
    skipped: one.skipped + other.skipped,
  }
}
