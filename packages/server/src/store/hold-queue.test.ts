import assert from 'node:assert/strict'
import { describe, it } from 'vitest'
import type { HoldRequest, HoldResult } from '../store.js'
import { holdOf, someAccount } from '../testing/contract/subject.js'
import { type HoldMany, type HoldQueueOptions, holdQueue } from './hold-queue.js'

const key = someAccount()
const account = {
  ...key,
  credited: 0,
  available: 0,
  held: 0,
  spent: 0,
  debited: 0,
  frozen: false,
  disputed: false,
}
const HELD: HoldResult = { type: 'held', account }

/** A queue that tells what it sends, and answers when it is told to. */
function watched(options: HoldQueueOptions): {
  hold(wish?: HoldRequest): Promise<HoldResult>
  batches: number[]
  answer(answers: Awaited<ReturnType<HoldMany>>): void
  refuse(error: Error): void
} {
  const batches: number[] = []
  const underWay: { resolve(answers: Awaited<ReturnType<HoldMany>>): void; reject(error: Error): void }[] = []
  const hold = holdQueue((wishes) => {
    batches.push(wishes.length)
    return new Promise((resolve, reject) => underWay.push({ resolve, reject }))
  }, options)
  return {
    hold: (wish = holdOf(key)) => hold(wish),
    batches,
    answer: (answers) => underWay.shift()?.resolve(answers),
    refuse: (error) => underWay.shift()?.reject(error),
  }
}

/** All that is ready in this turn of the event loop has run. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('holdQueue', () => {
  it('sends what is wished for in one turn of the event loop together', async () => {
    const { hold, batches, answer } = watched({ most: 100 })
    const first = [hold(), hold()]
    await Promise.resolve()
    first.push(hold())
    assert.deepEqual(batches, [])
    await turn()
    assert.deepEqual(batches, [3])
    const second = hold()
    await turn()
    assert.deepEqual(batches, [3, 1])
    answer([HELD, HELD, HELD])
    answer([HELD])
    assert.deepEqual(await Promise.all([...first, second]), [HELD, HELD, HELD, HELD])
  })

  it('gives each wish its own answer, also when it is an error', async () => {
    const { hold, answer } = watched({ most: 100 })
    const results = Promise.allSettled([hold(), hold(), hold()])
    await turn()
    const conflict: HoldResult = { type: 'conflict', account }
    answer([HELD, new Error('this one'), conflict])
    assert.deepEqual(await results, [
      { status: 'fulfilled', value: HELD },
      { status: 'rejected', reason: new Error('this one') },
      { status: 'fulfilled', value: conflict },
    ])
  })

  it('rejects each wish of a batch that failed or was answered in part, and goes on with the next', async () => {
    const { hold, answer, refuse } = watched({ most: 100 })
    const failed = Promise.allSettled([hold(), hold()])
    await turn()
    refuse(new Error('no connection'))
    assert.deepEqual(
      (await failed).map(({ status }) => status),
      ['rejected', 'rejected'],
    )
    const short = Promise.allSettled([hold(), hold()])
    await turn()
    answer([HELD])
    assert.deepEqual(
      (await short).map(({ status }) => status),
      ['fulfilled', 'rejected'],
    )
    const next = hold()
    await turn()
    answer([HELD])
    assert.equal(await next, HELD)
  })

  it('sends no more than it may together', async () => {
    const { hold, batches, answer } = watched({ most: 2 })
    const results = Promise.all([hold(), hold(), hold(), hold(), hold()])
    await turn()
    assert.deepEqual(batches, [2, 2, 1])
    answer([HELD, HELD])
    answer([HELD, HELD])
    answer([HELD])
    assert.equal((await results).length, 5)
  })

  it('sends what came during a round trip together after it, where only one may be under way', async () => {
    const { hold, batches, answer, refuse } = watched({ most: 100, atOnce: 1 })
    const first = hold()
    await turn()
    const rest = [hold()]
    await turn()
    rest.push(hold(), hold())
    await turn()
    assert.deepEqual(batches, [1])
    refuse(new Error('no connection'))
    await assert.rejects(first)
    await turn()
    assert.deepEqual(batches, [1, 3])
    answer([HELD, HELD, HELD])
    assert.equal((await Promise.all(rest)).length, 3)
  })
})
