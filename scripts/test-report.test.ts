import { describe, expect, it } from 'vitest'
import { ROOT } from './run-command.js'
import { tallyOfPlaywright, tallyOfVitest } from './test-report.js'

describe('tallyOfVitest', () => {
  it('names each test that failed, and each file that did not load', () => {
    const report = {
      numPassedTests: 5,
      numPendingTests: 1,
      numTodoTests: 1,
      testResults: [
        {
          name: `${ROOT}packages/core/src/a.test.ts`,
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'a is green', failureMessages: [] },
            {
              status: 'failed',
              fullName: 'a is red',
              failureMessages: ['Error: expected 1\n    at a.test.ts'],
            },
          ],
        },
        {
          name: `${ROOT}b.test.ts`,
          status: 'failed',
          message: 'Cannot find module',
          assertionResults: [],
        },
      ],
    }
    expect(tallyOfVitest(report)).toEqual({
      passed: 5,
      failures: [
        'packages/core/src/a.test.ts › a is red: Error: expected 1',
        'b.test.ts: Cannot find module',
      ],
      failedFiles: ['packages/core/src/a.test.ts', 'b.test.ts'],
      skipped: 2,
    })
  })

  it('has nothing of a report that is not there', () => {
    expect(tallyOfVitest(undefined)).toEqual({ passed: 0, failures: [], failedFiles: [], skipped: 0 })
  })
})

describe('tallyOfPlaywright', () => {
  const spec = (status: string): unknown => ({
    title: `is ${status}`,
    file: 'pay.spec.ts',
    line: 7,
    tests: [{ status, results: [{ errors: [{ message: '\u001b[31mError\u001b[39m: late\nmore' }] }] }],
  })

  it('names each test that failed or needed a second try, and what kept a file from loading', () => {
    const report = {
      stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 0 },
      errors: [{ message: 'SyntaxError: pay.spec.ts' }],
      suites: [{ specs: [spec('expected')], suites: [{ specs: [spec('unexpected'), spec('flaky')] }] }],
    }
    expect(tallyOfPlaywright(report)).toEqual({
      passed: 3,
      failures: [
        'e2e/pay.spec.ts:7 › is unexpected: Error: late',
        'e2e/pay.spec.ts:7 › is flaky: Error: late',
        'SyntaxError: pay.spec.ts',
      ],
      failedFiles: ['e2e/pay.spec.ts'],
      skipped: 0,
    })
  })
})
