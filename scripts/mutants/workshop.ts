import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ROOT, runCommand } from '../run-command.js'
import { type Mutant, mutate } from './mutant.js'

/** What is needed to run the tests of the packages. */
const PARTS = ['packages', 'scripts', 'package.json', 'tsconfig.base.json', 'vite.config.ts']

/** What the tests said. */
export interface Verdict {
  isCaught: boolean
  /** Names of the tests that failed. */
  failed: string[]
  output: string
}

/** A copy of the sources that may be broken: the repository itself is never touched. */
export interface Workshop {
  /** Runs test files against the sources as they are. */
  test(files: readonly string[]): Promise<Verdict>
  /** Runs the tests of a mutant against the broken source, and mends it. */
  try(mutant: Mutant): Promise<Verdict>
  close(): void
}

/** Copies the sources into a temporary folder. */
export function openWorkshop(): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'stripe402-mutants-'))
  for (const part of PARTS)
    cpSync(join(ROOT, part), join(folder, part), { recursive: true, filter: isSource })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  const at = { cwd: folder }

  async function run(files: readonly string[]): Promise<Verdict> {
    const report = join(folder, 'report.json')
    rmSync(report, { force: true })
    const args = ['run', '--project', 'node', '--bail', '1', '--reporter=json', `--outputFile.json=${report}`]
    const { code, output } = await runCommand('vitest', [...args, ...files], at)
    return { isCaught: code !== 0, failed: failedTests(report), output }
  }

  /** A run that ends badly without a failed test says nothing about the sources: a port was taken, or a store did not start. */
  async function test(files: readonly string[]): Promise<Verdict> {
    const first = await run(files)
    if (hasRun(first)) return first
    const second = await run(files)
    if (hasRun(second)) return second
    throw new Error(`The tests did not run:\n${second.output}`)
  }

  /** Lua and SQL run from the modules that they are embedded in. */
  async function write(file: string, source: string): Promise<void> {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), source)
    if (!/\.(?:lua|sql)$/.test(file)) return
    const { code, output } = await runCommand('tsx', ['scripts/embed-sources.ts'], at)
    if (code !== 0) throw new Error(`The sources could not be embedded:\n${output}`)
  }

  return {
    test,
    async try(mutant) {
      const whole = readFileSync(join(ROOT, mutant.file), 'utf8')
      await write(mutant.file, mutate(whole, mutant))
      try {
        return await test(mutant.tests)
      } finally {
        await write(mutant.file, whole)
      }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function isSource(path: string): boolean {
  return !/\/(?:dist|node_modules)$/.test(path)
}

function hasRun({ isCaught, failed }: Verdict): boolean {
  return !isCaught || failed.length > 0
}

function failedTests(report: string): string[] {
  try {
    const { testResults }: Report = JSON.parse(readFileSync(report, 'utf8'))
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => fullName)
  } catch {
    return []
  }
}

interface Report {
  testResults: { assertionResults: { status: string; fullName: string }[] }[]
}
