import type { AccountKey, Store } from '../../store.js'

/** What the suite needs of a test runner: vitest, jest and `node:test` all have it. */
export interface TestApi {
  describe(name: string, define: () => void): unknown
  /** `timeoutMs` is understood by vitest and jest; `node:test` has no limit of its own. */
  it(name: string, test: () => Promise<void>, timeoutMs?: number): unknown
}

/** What some stores can show and others cannot. */
export interface ContractOptions {
  /** Lines of history that the store under test keeps per account. Tested when given; from 50 on, and small keeps it quick. */
  historyLimit?: number
  /** Requests that spend at once, twice as many as there is credit for. Default 10,000. */
  parallelRequests?: number
  /** Adds a unit to what an account has available behind the store's back, to see the audit find it. */
  corrupt?: (store: Store, key: AccountKey) => Promise<void>
}
