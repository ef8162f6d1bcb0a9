import { StoreUnavailableError } from '../store/index.js'
import type { Store } from '../store.js'
import type { Life, Seam } from './seam.js'

/**
 * A store as one life of a process sees it: every verb, also one that will be added, passes the seam.
 *
 * `written` is told after each verb that may write, so that what must always hold can be looked at.
 */
export function storeFor(model: Store, { seam, life, written }: StoreParts): Store {
  const verbs = new Map<string | symbol, unknown>()
  const through = (name: string | symbol, verb: Verb): Verb => {
    return (...args) =>
      seam.cross({
        door: 'store',
        name: String(name),
        life,
        perform() {
          // The effect of the memory store comes before its promise.
          const result = verb.apply(model, args)
          if (!READING.has(name)) written()
          return result
        },
        broken: () => new StoreUnavailableError('no answer'),
      })
  }
  return new Proxy(model, {
    get(target, name) {
      const known = verbs.get(name)
      if (known !== undefined) return known
      const member: unknown = Reflect.get(target, name)
      const wrapped = isVerb(member) ? through(name, member) : member
      verbs.set(name, wrapped)
      return wrapped
    },
  })
}

/** What a door to the store is made of. */
export interface StoreParts {
  seam: Seam
  life: Life
  written(): void
}

const READING: ReadonlySet<string | symbol> = new Set([
  'start',
  'account',
  'hasAccount',
  'purchase',
  'due',
  'history',
])

type Verb = (...args: unknown[]) => Promise<unknown>

function isVerb(member: unknown): member is Verb {
  return typeof member === 'function'
}
