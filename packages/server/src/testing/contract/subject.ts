import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { type ClientId, isClientId, isPurchaseId, type PurchaseId } from '@stripe402/core'
import type {
  Account,
  AccountKey,
  Capture,
  CaptureResult,
  HoldRequest,
  PurchaseTerms,
  SavedCard,
  Store,
} from '../../store.js'

/** A store to be tested, alone with its data. */
export interface StoreUnderTest {
  store: Store
  /** Moves the store's clock forward. Without it the suite waits for a few real milliseconds of the store's clock. */
  advance?: (ms: number) => Promise<void> | void
  /** Loses everything, as a server that lost its disk does. Without it the suite does not look at blank stores. */
  wipe?: () => Promise<void> | void
  stop(): Promise<void>
}

/** Makes a started, empty and open store for one test. */
export type MakeStore = () => Promise<StoreUnderTest>

/** One test's store and the few moves that every test makes. */
export interface Subject {
  store: Store
  /** An account nobody has used. */
  key: AccountKey
  /** Puts credit on an account by one payment. */
  credit(units: number, key?: AccountKey): Promise<Account>
  /** Loses everything, where the store under test can. */
  wipe: (() => Promise<void> | void) | undefined
  /** Waits until the store's clock has moved by at least so much. */
  pass(ms: number): Promise<void>
  /** Long enough for two more calls, in milliseconds, also on a busy machine; short where it must be waited for. */
  briefMs: number
}

/** Runs one test on a fresh store and audits the store afterwards. */
export async function withStore(
  makeStore: MakeStore,
  test: (subject: Subject) => Promise<void>,
  { isSoundAfterwards = true }: { isSoundAfterwards?: boolean } = {},
): Promise<void> {
  const { store, advance, wipe, stop } = await makeStore()
  try {
    const key = someAccount()
    await test({
      store,
      key,
      credit: async (units, to = key) => {
        const paid = { ...to, paymentIntentId: `pi_${randomUUID()}`, units, purchaseId: null }
        return (await store.credit(paid)).account
      },
      wipe,
      pass: async (ms) => (advance ? advance(ms) : waitForClock(store, ms)),
      briefMs: advance ? 60_000 : 750,
    })
    if (isSoundAfterwards) await assertSound(store)
  } finally {
    await stop()
  }
}

/** An account key that no other test uses. */
export function someAccount(currency = 'usd'): AccountKey {
  return { clientId: someClientId(), currency }
}

/** A client id that no other test uses. */
function someClientId(): ClientId {
  const id = randomBytes(32).toString('hex')
  assert(isClientId(id))
  return id
}

/** A purchase id that no other test uses. */
export function somePurchaseId(): PurchaseId {
  const id = randomUUID()
  assert(isPurchaseId(id))
  return id
}

/** A wish to spend, of a new operation and run unless told otherwise. */
export function holdOf(key: AccountKey, changes: Partial<HoldRequest> = {}): HoldRequest {
  return {
    clientId: key.clientId,
    currency: key.currency,
    operationId: randomUUID(),
    runId: randomUUID(),
    fingerprint: 'GET /api/weather',
    units: 100,
    resource: 'GET /api/weather',
    holdMs: 600_000,
    rememberMs: 600_000,
    ...changes,
  }
}

/** Another run of the same operation. */
export function nextRun(request: HoldRequest): HoldRequest {
  return { ...request, runId: randomUUID() }
}

/** Captures one hold. */
export async function captureOne(
  store: Store,
  { clientId, currency, operationId, runId, units }: HoldRequest | Capture,
): Promise<CaptureResult['type']> {
  const [result] = await store.capture([{ clientId, currency, operationId, runId, units }])
  assert(result)
  return result.type
}

/** Terms of a $5 top-up. */
export function termsOf(key: AccountKey, changes: Partial<PurchaseTerms> = {}): PurchaseTerms {
  return {
    clientId: key.clientId,
    currency: key.currency,
    purchaseId: somePurchaseId(),
    minor: 500,
    units: 50_000,
    paymentMethodId: 'pm_first',
    customerId: null,
    keepsCard: false,
    wantsBankCheck: false,
    issuer: 'issuer',
    description: 'Credit at a shop',
    keyThumbprint: null,
    ...changes,
  }
}

/** A Visa of a client. */
export function cardOf({ clientId }: AccountKey, changes: Partial<SavedCard> = {}): SavedCard {
  return {
    clientId,
    customerId: 'cus_1',
    paymentMethodId: 'pm_first',
    brand: 'visa',
    last4: '4242',
    expMonth: 12,
    expYear: 2034,
    ...changes,
  }
}

/** Compares the sums of an account, and whether it is frozen; what is not named is 0. */
export function assertAccount(
  account: Account,
  expected: Partial<Omit<Account, keyof AccountKey | 'disputed'>>,
): void {
  const { clientId: _clientId, currency: _currency, disputed: _disputed, ...sums } = account
  const nothing = { credited: 0, available: 0, held: 0, spent: 0, debited: 0, frozen: false }
  assert.deepEqual(sums, { ...nothing, ...expected })
}

async function assertSound(store: Store): Promise<void> {
  const report = await store.audit()
  assert.deepEqual(report.breaks, [])
  for (const { credited, debited, available, held, spent } of Object.values(report.totals))
    assert.equal(credited - debited, available + held + spent)
}

/** Asks a closed purchase of nobody for the store's time until it is late enough. */
async function waitForClock(store: Store, ms: number): Promise<void> {
  const prepared = await store.prepareTopUp(termsOf(someAccount()), null)
  assert(prepared.type === 'prepared')
  let { nowMs } = await store.failTopUp(prepared.purchase, { error: 'payment_failed' })
  const untilMs = nowMs + ms
  while (nowMs < untilMs) nowMs = (await store.purchase(prepared.purchase.purchaseId))?.nowMs ?? nowMs
}
