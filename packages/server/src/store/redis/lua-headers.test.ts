import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { LUA } from './lua.gen.js'

/** What a header names by number against what the code below it uses; a loop's keys have none. */
function indexesOf(list: 'KEYS' | 'ARGV', text: string): Set<string> {
  const found = new Set<string>()
  for (const [, from = '', to] of text.matchAll(new RegExp(`${list}\\[(\\d+)(?:\\.\\.(\\d+))?\\]`, 'g')))
    for (let index = Number(from); index <= Number(to ?? from); index += 1) found.add(`${list}[${index}]`)
  return found
}

describe('the header of a Lua script', () => {
  for (const [name, { source }] of Object.entries(LUA)) {
    const lines = source.split('\n')
    const end = lines.findIndex((line) => !line.startsWith('--'))
    const header = lines.slice(0, end).join('\n')
    const code = lines.slice(end).join('\n')

    it(`of ${name} says what comes back`, () => {
      assert.match(header, /^-- RETURNS /m)
    })

    it(`of ${name} names every key and argument that is used, and no other`, () => {
      for (const list of ['KEYS', 'ARGV'] as const) {
        const used = indexesOf(list, code)
        const named = indexesOf(list, header)
        assert.deepEqual([...named].sort(), [...used].sort())
      }
    })
  }
})
