import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import { holdOf, someAccount } from '../../testing/contract/subject.js'
import { changeAvailable, emptyRecord } from './account-record.js'
import { capture, hold } from './spending.js'

describe('an account record', () => {
  it('holds no more than a while of paid requests, however many there are', () => {
    const key = someAccount()
    const record = emptyRecord(key)
    changeAvailable(record, 'credited', 100_000)
    let most = 0
    // One request per millisecond, remembered for one second.
    for (let nowMs = 1; nowMs <= 100_000; nowMs += 1) {
      const wish = holdOf(key, { units: 1, rememberMs: 1000 })
      assert.equal(hold(record, wish, nowMs).type, 'held')
      assert.equal(capture(record, wish, nowMs, 50).type, 'captured')
      most = Math.max(most, record.operations.size + record.history.length)
    }
    assert(most <= 2100, `${most} operations and lines of history`)
    assert.equal(record.spent, 100_000)
  })
})
