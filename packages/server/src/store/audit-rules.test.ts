import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { someAccount } from '../testing/contract/subject.js'
import { type AuditedRow, brokenRules } from './audit-rules.js'

const sound: AuditedRow = {
  ...someAccount(),
  credited: 1000,
  available: 600,
  held: 150,
  spent: 200,
  debited: 50,
  heldByOperations: 150,
  openPurchases: 1,
  overdueMs: 0,
}

describe('brokenRules', () => {
  it('finds a sound account sound', () => {
    assert.deepEqual(brokenRules(sound), [])
  })

  it('lets a refund take what was spent', () => {
    assert.deepEqual(brokenRules({ ...sound, available: -150, debited: 800 }), [])
  })

  for (const [rule, changes] of [
    ['conservation', { available: 601 }],
    ['negative_available', { available: -1, spent: 851, debited: 0 }],
    ['negative_held', { held: -1, heldByOperations: -1, available: 751 }],
    ['open_purchases', { openPurchases: 2 }],
    ['held_without_operations', { heldByOperations: 149 }],
  ] as const)
    it(`names ${rule}`, () => {
      const breaks = brokenRules({ ...sound, ...changes })
      assert.deepEqual(
        breaks.map((found) => found.rule),
        [rule],
      )
      assert.deepEqual(breaks[0]?.account, { clientId: sound.clientId, currency: 'usd' })
    })
})
