import { StoreUnavailableError } from '../store/index.js'
import type { Store } from '../store.js'
import type { Disk } from './disk.js'
import type { Life, Seam } from './seam.js'

/** What a door to the store is made of. */
export interface StoreParts {
  disk: Disk
  seam: Seam
  life: Life
  /** Told after each verb that may write, so that what must always hold can be looked at. */
  written(): void
  /** Told when so many writes are to be lost. */
  lose(writes: number): void
}

const READING: ReadonlySet<string> = new Set([
  'start',
  'isOpen',
  'account',
  'accounts',
  'purchase',
  'payments',
  'due',
  'history',
  'keys',
  'audit',
  'reconciledAt',
])

/** A store as one life of a process sees it: every verb, also one that will be added, passes the seam. */
export function storeFor({ disk, seam, life, written, lose }: StoreParts): Store {
  const verbs = new Map<string, Verb>()

  function through(name: string): Verb {
    const isReading = READING.has(name)
    return (...args) =>
      seam.cross({
        door: 'store',
        name,
        life,
        perform() {
          const store = disk.store()
          const verb: unknown = Reflect.get(store, name)
          if (!isVerb(verb)) throw new TypeError(`The store has no ${name}.`)
          // The effect of the memory store comes before its promise.
          const result = verb.apply(store, args)
          if (!isReading) {
            disk.wrote(name, args)
            written()
          }
          return result
        },
        broken: () => new StoreUnavailableError('no answer'),
        lose,
      })
  }

  return new Proxy<Store>(disk.store(), {
    get(_store, name) {
      // Nobody may take a store for a promise.
      if (typeof name !== 'string' || name === 'then') return undefined
      const verb = verbs.get(name) ?? through(name)
      verbs.set(name, verb)
      return verb
    },
  })
}

type Verb = (...args: unknown[]) => Promise<unknown>

function isVerb(member: unknown): member is Verb {
  return typeof member === 'function'
}
