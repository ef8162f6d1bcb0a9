import assert from 'node:assert/strict'
import { isStripe402Error } from '@stripe402/core'
import { describe, it } from 'vitest'
import { postgresFault } from './postgres/postgres-fault.js'
import { redisFault } from './redis/redis-fault.js'
import { bareCause } from './store-error.js'

const secret = 'postgres://admin:hunter2@db.internal/shop'

describe('bareCause', () => {
  it('keeps what says what happened and drops what a driver hangs on it', () => {
    const error = Object.assign(new TypeError('it broke'), {
      code: 'E1',
      command: { name: 'evalsha', args: ['pm_secret'] },
      detail: 'Key (client_id)=(abc)',
    })
    const bare = bareCause(error)
    assert.equal(bare.message, 'it broke')
    assert.equal(bare.name, 'TypeError')
    assert.equal(bare.stack, error.stack)
    assert.equal('code' in bare && bare.code, 'E1')
    assert.equal(JSON.stringify(bare, Object.getOwnPropertyNames(bare)).includes('pm_secret'), false)
    assert.equal('detail' in bare, false)
  })

  it('takes what is no error', () => {
    assert(bareCause('thrown text') instanceof Error)
  })
})

for (const [name, fault] of Object.entries({ redisFault, postgresFault }))
  describe(name, () => {
    it('never repeats what the driver says', () => {
      for (const error of [
        new Error(secret),
        Object.assign(new Error(secret), { code: '28P01' }),
        secret,
        null,
      ]) {
        const mapped = fault(error)
        assert(isStripe402Error(mapped))
        assert.equal(mapped.code, 'store_unavailable')
        assert.doesNotMatch(mapped.message, /hunter2|db\.internal|admin/)
      }
    })
  })
