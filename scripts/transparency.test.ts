import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isTransparencyPageFresh, transparencyPage } from './transparency.js'

function report(...lines: { id: string; runtime: string; wrapped: object; status?: string }[]): unknown {
  const assertionResults = lines.map(({ status = 'passed', ...line }) => ({
    status,
    meta: { transparency: { title: 'a case', native: { status: 402, text: 'a|b' }, ...line } },
  }))
  return { testResults: [{ assertionResults }, { assertionResults: [{ status: 'passed', meta: {} }] }] }
}

describe('transparencyPage', () => {
  it('has a line per case, native beside wrapped, with a mark per runtime', () => {
    const page = transparencyPage(
      report(
        { id: 'C02', runtime: 'Chromium', wrapped: { status: 402 }, status: 'failed' },
        { id: 'C02', runtime: 'Node', wrapped: { status: 200 } },
        { id: 'C01', runtime: 'Node', wrapped: { status: 402 } },
        { id: 'X01', runtime: 'Chromium', wrapped: {} },
      ),
    )
    expect(page.match(/^\| [CX]\d.*$/gm)).toEqual([
      '| C01 | a case | status: 402; text: a\\|b | status: 402 | ✓ | – |',
      '| C02 | a case | status: 402; text: a\\|b | Node: status: 200<br>Chromium: status: 402 | ✓ | ✗ |',
      '| X01 | a case | status: 402; text: a\\|b |  | – | ✓ |',
    ])
  })
})

describe('docs/transparency.md', () => {
  it('has all 42 cases, passed wherever they run', () => {
    const page = readFileSync(new URL('../docs/transparency.md', import.meta.url), 'utf8')
    const ids = [...page.matchAll(/^\| C(\d\d) /gm)].map(([, number]) => Number(number))
    expect(ids).toEqual(Array.from({ length: 42 }, (_, index) => index + 1))
    expect(page).not.toContain('✗')
  })

  it('is old when a test has come to something else', () => {
    expect(isTransparencyPageFresh(report({ id: 'C01', runtime: 'Node', wrapped: {} }))).toBe(false)
  })
})
