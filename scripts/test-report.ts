import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { ROOT } from './run-command.js'

/** What a part of the tests came to. */
export interface Tally {
  passed: number
  /** One line for each test that failed: where it is, its name, and how it failed. */
  failures: readonly string[]
  /** The files that these are in, where a file can be run by itself. */
  failedFiles: readonly string[]
  skipped: number
}

/** Reads the JSON report of Vitest. */
export function tallyOfVitest(report: unknown): Tally {
  const failures = list(report, 'testResults').flatMap((file) => {
    const tests = list(file, 'assertionResults').filter((test) => member(test, 'status') === 'failed')
    const where = relative(ROOT, text(file, 'name'))
    if (tests.length === 0 && member(file, 'status') === 'failed')
      return [`${where}: ${firstLine(text(file, 'message'))}`]
    return tests.map(
      (test) => `${where} › ${text(test, 'fullName')}: ${firstLine(list(test, 'failureMessages')[0])}`,
    )
  })
  const failedFiles = list(report, 'testResults')
    .filter((file) => member(file, 'status') === 'failed')
    .map((file) => relative(ROOT, text(file, 'name')))
  const skipped = count(report, 'numPendingTests') + count(report, 'numTodoTests')
  return {
    passed: count(report, 'numPassedTests'),
    failures,
    failedFiles: [...new Set(failedFiles)],
    skipped,
  }
}

/** Reads the JSON report of Playwright; a test that passed at a second try has failed. */
export function tallyOfPlaywright(report: unknown): Tally {
  const stats = member(report, 'stats')
  const failures = list(report, 'suites').flatMap((suite) => failuresOfSuite(suite))
  const unloaded = list(report, 'errors').map((error) => firstLine(text(error, 'message')))
  return {
    passed: count(stats, 'expected'),
    failures: [...failures, ...unloaded],
    failedFiles: [...new Set(failures.map((failure) => failure.replace(/:\d+ ›.*/s, '')))],
    skipped: count(stats, 'skipped'),
  }
}

function failuresOfSuite(suite: unknown): string[] {
  const here = list(suite, 'specs').flatMap((spec) =>
    list(spec, 'tests')
      .filter((test) => ['unexpected', 'flaky'].includes(text(test, 'status')))
      .map((test) => {
        const errors = list(test, 'results').flatMap((result) => list(result, 'errors'))
        const where = `e2e/${text(spec, 'file')}:${count(spec, 'line')}`
        return `${where} › ${text(spec, 'title')}: ${firstLine(text(errors[0], 'message'))}`
      }),
  )
  return [...here, ...list(suite, 'suites').flatMap(failuresOfSuite)]
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function list(value: unknown, name: string): unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}

function count(value: unknown, name: string): number {
  const found = member(value, name)
  return typeof found === 'number' ? found : 0
}

function text(value: unknown, name: string): string {
  const found = member(value, name)
  return typeof found === 'string' ? found : ''
}

function firstLine(message: unknown): string {
  const [line = ''] = typeof message === 'string' ? message.split('\n') : []
  return stripVTControlCharacters(line).trim() || 'no message'
}
