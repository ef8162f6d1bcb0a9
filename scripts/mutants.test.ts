import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'vitest'
import { MUTANTS } from './mutants/all.js'
import { mutate } from './mutants/mutant.js'
import { ROOT } from './run-command.js'

// Whether each is noticed takes minutes: npm run test:mutants.
describe('MUTANTS', () => {
  it('has at least twenty, each with a name of its own', () => {
    assert(MUTANTS.length >= 20)
    assert.equal(new Set(MUTANTS.map(({ name }) => name)).size, MUTANTS.length)
  })

  for (const mutant of MUTANTS)
    it(`still finds what "${mutant.name}" breaks`, () => {
      const source = readFileSync(ROOT + mutant.file, 'utf8')
      assert.notEqual(mutate(source, mutant), source)
      for (const test of mutant.tests) assert(existsSync(ROOT + test), `${test} is not there`)
    })
})
