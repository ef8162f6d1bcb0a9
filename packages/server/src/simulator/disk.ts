import { MemoryStore } from '../store/index.js'
import type { Timeline } from './timeline.js'

/** What the store's server keeps, and may lose. */
export interface Disk {
  /** The store as it is now: another one after a loss. */
  store(): MemoryStore
  /** Remembers a verb that wrote, for {@link Disk.lose}. */
  wrote(verb: string, args: readonly unknown[]): void
  /** Loses so many of the last writes, as a failover to a replica does; infinitely many: a new, blank disk. */
  lose(writes: number): void
}

interface Write {
  atMs: number
  verb: string
  args: readonly unknown[]
}

/** Makes an empty disk. */
export function createDisk(timeline: Timeline): Disk {
  let writes: Write[] = []
  let pastMs: number | null = null
  const clock = (): number => pastMs ?? timeline.nowMs()
  let store = new MemoryStore({ clock })

  /** Writes the same things again, at the same times. */
  function replay(kept: readonly Write[]): void {
    store = new MemoryStore({ clock })
    for (const { atMs, verb, args } of kept) {
      pastMs = atMs
      const method: unknown = Reflect.get(store, verb)
      // The effect comes before the promise; what was refused then is refused again.
      if (typeof method === 'function') Promise.resolve(Reflect.apply(method, store, args)).catch(() => {})
    }
    pastMs = null
  }

  return {
    store: () => store,
    wrote: (verb, args) => void writes.push({ atMs: timeline.nowMs(), verb, args }),
    lose(count) {
      writes = Number.isFinite(count) ? writes.slice(0, Math.max(0, writes.length - count)) : []
      if (Number.isFinite(count)) replay(writes)
      else {
        store.wipe()
        writes.push({ atMs: timeline.nowMs(), verb: 'wipe', args: [] })
      }
    },
  }
}
