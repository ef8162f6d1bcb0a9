import { describe, expect, it } from 'vitest'
import { tell } from './explore.js'
import { run } from './run.js'
import { parseSpec, serializeSpec } from './spec-text.js'

describe('run', () => {
  it('comes to the same result again', async () => {
    const spec = parseSpec('scenario=two-tabs;seed=17;faults=12:lost,30:crash-before')
    const trace = async (): Promise<string[]> => {
      const lines: string[] = []
      await run({ ...spec, trace: (line) => lines.push(line) })
      return lines
    }
    const first = await trace()
    expect(first.length).toBeGreaterThan(30)
    expect(await trace()).toEqual(first)
  })

  it('plays what SIMULATE says again', async () => {
    const asked = process.env.SIMULATE
    const spec = parseSpec(asked ?? 'scenario=closed-tab;seed=0;faults=12:outage')
    const { violations } = await run(spec)
    if (asked !== undefined) console.log(await tell(spec))
    expect(violations).toEqual([])
  })
})

describe('parseSpec', () => {
  it.each(['scenario=two-tabs;seed=17;faults=12:lost,30:crash-before', 'scenario=top-up;seed=0;faults='])(
    'reads %s',
    (text) => {
      expect(serializeSpec(parseSpec(text))).toBe(text)
    },
  )

  it.each(['two-tabs', 'scenario=two-tabs;seed=x;faults=', 'scenario=two-tabs;seed=1;faults=12:luck'])(
    'refuses %s',
    (text) => {
      expect(() => parseSpec(text)).toThrow(TypeError)
    },
  )
})
