import type { PaymentResponse } from '@stripe402/core'
import type { ClientStore, KnownAccount, OpenPurchase, OriginRecord } from './client-store.js'
import type { Sent } from './payable-request.js'
import type { Spent } from './policy.js'
import { spentOf, today } from './spending.js'

/** More paths than this are forgotten, oldest first. */
const MOST_PATHS = 200

/** What a client knows about one origin, read from the store each time: another tab may have written. */
export interface OriginMemory {
  account(currency: string): KnownAccount | undefined
  purchase(currency: string): OpenPurchase | undefined
  spent(currency: string): Spent
  /** Counts what was bought at this origin, in any tab. */
  topUps(): number
  /** Counts receipts of this origin, in any tab. */
  receipts(): number
  /** Counts how often a person signed out here, in any tab. */
  signOuts(): number
  rememberTopUp(): void
  /** Takes over what another tab has said about its top-up, where the store has not heard of it yet. */
  adopt(currency: string, news: Credited): void
  /** The highest price of a path is what its next first request is judged by: paths have prices that vary with the query. */
  rememberAsked(pathname: string, currency: string, amountUnits: number): void
  /** Notes what an answer without a receipt has cost. */
  rememberSpent(currency: string, units: number): void
  /**
   * Notes what a receipt says was spent, and its account and balance unless the person has signed out since `before`;
   * returns the balance if it changed.
   */
  rememberReceipt(currency: string, receipt: PaymentResponse, before: Sent['before']): number | undefined
  rememberPurchase(currency: string, purchase: OpenPurchase | undefined): void
}

/** Credit that was bought in another tab. The account is unknown where CORS hides receipts. */
export interface Credited {
  readonly topUps: number
  /** How often the person had signed out by then. */
  readonly signOuts?: number | undefined
  readonly account: KnownAccount | undefined
}

/** Opens the memory of one origin. */
export function originMemory(store: ClientStore, origin: string): OriginMemory {
  const read = (): OriginRecord => store.get(origin) ?? { clients: {}, asked: {}, purchases: {} }
  const change = (edit: (record: OriginRecord) => void): void => {
    const record = structuredClone(read())
    edit(record)
    store.set(origin, record)
  }
  return {
    account: (currency) => read().clients[currency],
    purchase: (currency) => read().purchases[currency],
    spent: (currency) => spentOf(read(), currency),
    topUps: () => read().topUps ?? 0,
    receipts: () => read().receipts ?? 0,
    signOuts: () => read().signOuts ?? 0,
    rememberTopUp: () =>
      change((record) => {
        record.topUps = (record.topUps ?? 0) + 1
      }),
    adopt(currency, { topUps, account, signOuts = 0 }) {
      if ((read().topUps ?? 0) >= topUps) return
      change((record) => {
        record.topUps = topUps
        if (!account || signOuts < (record.signOuts ?? 0)) return
        record.clients[currency] = account
        record.signOuts = signOuts
      })
    },
    rememberAsked(pathname, currency, amountUnits) {
      const known = read().asked[pathname]
      if (known?.currency === currency && known.amountUnits >= amountUnits) return
      change(({ asked }) => {
        delete asked[pathname]
        asked[pathname] = { currency, amountUnits }
        const [oldest] = Object.keys(asked)
        if (oldest && Object.keys(asked).length > MOST_PATHS) delete asked[oldest]
      })
    },
    rememberSpent: (currency, units) => change((record) => addSpent(record, currency, units)),
    rememberReceipt(currency, { clientId, creditsRemaining, chargeId, charged = 0, session }, before) {
      const { receipts = 0, signOuts = 0, clients } = read()
      const known = clients[currency]
      const overlapped = before?.receipts !== receipts
      const isForgotten = before !== undefined && before.signOuts < signOuts
      // Answers to parallel requests arrive in any order: the lowest is the newest, unless credit was bought.
      const isNew = known?.clientId !== clientId || chargeId !== undefined
      const isHigher = isNew || (!overlapped && creditsRemaining > known.balanceUnits)
      const balanceUnits = isHigher ? creditsRemaining : Math.min(known.balanceUnits, creditsRemaining)
      const epoch = (known?.epoch ?? 0) + (isHigher ? 1 : 0)
      change((record) => {
        record.receipts = receipts + 1
        const kept = known?.clientId === clientId ? known.session : undefined
        const account = {
          clientId,
          balanceUnits,
          epoch,
          session: session === undefined ? kept : { token: session, heardAtMs: Date.now() },
        }
        if (!isForgotten) record.clients[currency] = account
        addSpent(record, currency, charged)
      })
      return isForgotten || known?.balanceUnits === balanceUnits ? undefined : balanceUnits
    },
    rememberPurchase(currency, purchase) {
      change(({ purchases }) => {
        if (purchase) purchases[currency] = purchase
        else delete purchases[currency]
      })
    },
  }
}

function addSpent(record: OriginRecord, currency: string, charged: number): void {
  const inAll = record.spent?.inAll ?? {}
  inAll[currency] = (inAll[currency] ?? 0) + charged
  const units = record.spent?.day === today() ? record.spent.units : {}
  units[currency] = (units[currency] ?? 0) + charged
  record.spent = { day: today(), units, inAll }
}
