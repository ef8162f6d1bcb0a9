import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ROOT, runCommand } from './run-command.js'

/** What one test observed on both sides, in one runtime. */
interface Row {
  id: string
  title: string
  runtime: string
  hasPassed: boolean
  native: Record<string, unknown>
  wrapped: Record<string, unknown>
}

const PAGE = `${ROOT}docs/transparency.md`
const FOLDER = 'packages/client/src/transparency'
const HEAD = `# What an app can tell

Nothing, until a payment is due. Each line is a test that runs twice, with the platform's own \`fetch\` or \`XMLHttpRequest\` and with ours
above it, against a real server, in Node and in Chromium; a line that differs fails. Natively the resource is free (or
the 402 is handed over, where the case is about it); wrapped it has to be paid for.

This page is written by \`npx tsx scripts/transparency.ts\` from the results of those tests, and \`npm test\` refuses an old one.
`

/** The page that a run of the tests has to leave, from the JSON report of Vitest. */
export function transparencyPage(report: unknown): string {
  const rows = rowsOf(report)
  const ids = [...new Set(rows.map(({ id }) => id))].sort()
  const table = (prefix: string): string => {
    const lines = ids
      .filter((id) => id.startsWith(prefix))
      .map((id) => lineOf(rows.filter((row) => row.id === id)))
    const head = [
      '| # | case | native | wrapped | Node | Chromium |',
      '| --- | --- | --- | --- | --- | --- |',
    ]
    return [...head, ...lines].join('\n')
  }
  return `${HEAD}\n## fetch\n\n${table('C')}\n\n## XMLHttpRequest\n\n${table('X')}\n`
}

/** Whether docs/transparency.md says what a run of the tests has come to. */
export function isTransparencyPageFresh(report: unknown): boolean {
  return readFileSync(PAGE, 'utf8') === transparencyPage(report)
}

function lineOf(rows: Row[]): string {
  const [first] = rows
  const mark = (runtime: string): string => {
    const row = rows.find((one) => one.runtime === runtime)
    return row ? (row.hasPassed ? '✓' : '✗') : '–'
  }
  const side = (name: 'native' | 'wrapped'): string => {
    const texts = rows.map((row) => ({ runtime: row.runtime, text: textOf(row[name]) }))
    const isOne = new Set(texts.map(({ text }) => text)).size === 1
    return isOne
      ? (texts[0]?.text ?? '')
      : texts.map(({ runtime, text }) => `${runtime}: ${text}`).join('<br>')
  }
  const cells = [first?.id, first?.title, side('native'), side('wrapped'), mark('Node'), mark('Chromium')]
  return `| ${cells.join(' | ')} |`
}

function textOf(observed: Record<string, unknown>): string {
  const parts = Object.entries(observed).map(([name, value]) => `${name}: ${shown(value)}`)
  return parts.join('; ').replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ')
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 160)}…` : text
}

function rowsOf(report: unknown): Row[] {
  const tests = listOf(report, 'testResults').flatMap((file) => listOf(file, 'assertionResults'))
  const rows = tests.flatMap((test) => {
    const observed = member(member(test, 'meta'), 'transparency')
    const [id, title] = [member(observed, 'id'), member(observed, 'title')]
    if (typeof id !== 'string' || typeof title !== 'string') return []
    return {
      id,
      title,
      runtime: String(member(observed, 'runtime')),
      hasPassed: member(test, 'status') === 'passed',
      native: { ...Object(member(observed, 'native')) },
      wrapped: { ...Object(member(observed, 'wrapped')) },
    }
  })
  // Node before Chromium.
  return rows.sort((one, other) => (one.runtime < other.runtime ? 1 : -1))
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function listOf(value: unknown, name: string): unknown[] {
  const list = member(value, name)
  return Array.isArray(list) ? list : []
}

async function writePage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'stripe402-transparency-'))
  const file = join(folder, 'vitest.json')
  const args = ['run', FOLDER, '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`]
  const { code, output } = await runCommand('vitest', args)
  if (code === 0) writeFileSync(PAGE, transparencyPage(JSON.parse(readFileSync(file, 'utf8'))))
  else console.log(output)
  rmSync(folder, { recursive: true, force: true })
  process.exitCode = code
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writePage()
