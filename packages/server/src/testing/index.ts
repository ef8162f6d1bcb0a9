import { accessTests } from './contract/access.js'
import { accountsTests } from './contract/accounts.js'
import { auditTests } from './contract/audit.js'
import { blankTests } from './contract/blank.js'
import { captureTests } from './contract/capture.js'
import { creditTests } from './contract/credit.js'
import { debitTests } from './contract/debit.js'
import { expiryTests } from './contract/expiry.js'
import { historyTests } from './contract/history.js'
import { holdTests } from './contract/hold.js'
import { keyTests } from './contract/keys.js'
import { markTests } from './contract/marks.js'
import { openTopUpTests } from './contract/open-top-up.js'
import { parallelTests } from './contract/parallel.js'
import { prepareTopUpTests } from './contract/prepare-top-up.js'
import { replayTests } from './contract/replay.js'
import { savedCardTests } from './contract/saved-card.js'
import type { MakeStore } from './contract/subject.js'
import type { ContractOptions, TestApi } from './contract/test-api.js'

export type { MakeStore, StoreUnderTest } from './contract/subject.js'
export type { ContractOptions, TestApi } from './contract/test-api.js'
export { openStore } from './open-store.js'

/**
 * Everything a {@link Store} must do, as tests for vitest, jest or `node:test`.
 *
 * @example
 * ```ts
 * import { describe, it } from 'node:test'
 * import { openStore, storeContract } from '@stripe402/server/testing'
 *
 * storeContract({ describe, it }, async () => {
 *   const store = await myStore()
 *   await openStore(store)
 *   return { store, stop: () => store.close() }
 * })
 * ```
 */
export function storeContract(api: TestApi, makeStore: MakeStore, options: ContractOptions = {}): void {
  api.describe('Store', () => {
    for (const tests of [
      blankTests,
      holdTests,
      captureTests,
      replayTests,
      accessTests,
      expiryTests,
      prepareTopUpTests,
      openTopUpTests,
      creditTests,
      debitTests,
      historyTests,
      accountsTests,
      auditTests,
      keyTests,
      savedCardTests,
      markTests,
      parallelTests,
    ])
      tests(api, makeStore, options)
  })
}
