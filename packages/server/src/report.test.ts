import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { EventListener } from './events.js'
import { openSeller } from './seller.fixture.js'

const LISTENERS: [string, EventListener][] = [
  [
    'throws',
    () => {
      throw new RangeError('no')
    },
  ],
  ['rejects', async () => Promise.reject(new RangeError('no'))],
]

describe('onEvent', () => {
  it.each(LISTENERS)(
    'that %s is logged, and stops neither the payment nor the process',
    async (_how, onEvent) => {
      const logged: string[] = []
      const seller = openSeller({ onEvent, logger: { warn() {}, error: (text) => void logged.push(text) } })
      const { account } = await seller.topUp()
      assert.equal((await seller.store.account(account)).available, 50_000)
      await seller.close()
      assert.ok(logged.length > 0)
      for (const text of logged) assert.equal(text, 'stripe402: the onEvent listener threw RangeError')
    },
  )
})
