import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import type { Mark, Store } from '../../store.js'
import { type MakeStore, withStore } from './subject.js'
import type { TestApi } from './test-api.js'

/** Marks count attempts, each for a while. */
export function markTests({ describe, it }: TestApi, makeStore: MakeStore): void {
  const named = (changes: Partial<Mark> = {}): Mark => ({
    name: `attempts:${randomUUID()}`,
    member: randomUUID(),
    windowMs: 600_000,
    most: 2,
    ...changes,
  })
  const make = async (store: Store, mark: Mark): Promise<[isMade: boolean, count: number]> => {
    const [result] = await store.mark([mark])
    assert(result)
    return [result.isMade, result.count]
  }

  describe('mark', () => {
    it('counts marks of a name up to the most', () =>
      withStore(makeStore, async ({ store }) => {
        const { name } = named()
        assert.deepEqual(await make(store, named({ name })), [true, 1])
        assert.deepEqual(await make(store, named({ name })), [true, 2])
        assert.deepEqual(await make(store, named({ name })), [false, 2])
        assert.deepEqual(await make(store, named()), [true, 1])
      }))

    it('counts the same mark once, also when no other fits', () =>
      withStore(makeStore, async ({ store }) => {
        const mark = named({ most: 1 })
        assert.deepEqual(await make(store, mark), [true, 1])
        assert.deepEqual(await make(store, mark), [true, 1])
      }))

    it('only asks with a most of 0', () =>
      withStore(makeStore, async ({ store }) => {
        const mark = named()
        assert.deepEqual(await make(store, { ...mark, most: 0 }), [false, 0])
        await make(store, mark)
        assert.deepEqual(await make(store, named({ name: mark.name, most: 0 })), [false, 1])
      }))

    it('ends the count of each mark after its time, and says when', () =>
      withStore(makeStore, async ({ store, pass, briefMs }) => {
        const { name } = named()
        const brief = { name, windowMs: briefMs, most: 1 }
        const [first] = await store.mark([named(brief)])
        const [refused] = await store.mark([named(brief)])
        assert(first && refused)
        assert.equal(refused.isMade, false)
        for (const { freeInMs } of [first, refused]) assert(freeInMs > 0 && freeInMs <= briefMs)
        await pass(briefMs + 1)
        assert.deepEqual(await make(store, named(brief)), [true, 1])
      }))

    it('answers several in their order, whatever their names', () =>
      withStore(makeStore, async ({ store }) => {
        const [one, other] = [
          named({ name: `z:${randomUUID()}` }),
          named({ name: `a:${randomUUID()}`, most: 0 }),
        ]
        const results = await store.mark([one, other, { ...one, member: 'another' }])
        assert.deepEqual(
          results.map(({ isMade, count }) => [isMade, count]),
          [
            [true, 1],
            [false, 0],
            [true, 2],
          ],
        )
        assert.deepEqual(await store.mark([]), [])
      }))

    it('lets no more through than the most, however many come at once', () =>
      withStore(makeStore, async ({ store }) => {
        const { name } = named()
        const results = await Promise.all(
          Array.from({ length: 20 }, () => make(store, named({ name, most: 5 }))),
        )
        assert.equal(results.filter(([isMade]) => isMade).length, 5)
      }))

    it('refuses a name or member that it could not keep', () =>
      withStore(makeStore, async ({ store }) => {
        for (const wrong of [{ name: '' }, { member: 'a\nb' }, { windowMs: 0 }, { most: -1 }])
          await assert.rejects(store.mark([named(wrong)]))
      }))
  })
}
