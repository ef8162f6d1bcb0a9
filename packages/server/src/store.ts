import type { ClientId, PurchaseId } from '@stripe402/core'

/** One balance: a client has one per currency, and they never mix. */
export interface AccountKey {
  clientId: ClientId
  /** Lower-case ISO 4217. */
  currency: string
}

/**
 * What an account holds, in units. `credited − debited = available + held + spent` at every moment.
 *
 * `frozen` while a dispute is open or `available` is below zero; nothing is held from a frozen account. `disputed` while a
 * dispute is open: then no top-up makes it spend again, as it does where the account is merely in debt.
 */
export interface Account extends AccountKey {
  credited: number
  available: number
  held: number
  spent: number
  debited: number
  frozen: boolean
  disputed: boolean
}

/** A wish to spend. Everything in it is decided by the caller; the store adds only its own clock. */
export interface HoldRequest extends AccountKey {
  /** Names the logical request within the account; the same id never spends twice. */
  operationId: string
  /** Names this run of it, so that a command sent twice by a client library counts once. */
  runId: string
  /** Digest of method, URL and body: what the operation id stands for. */
  fingerprint: string
  units: number
  /** What the person sees in the history, such as `GET /api/weather`. At most 200 characters. */
  resource: string
  /** A hold that is not captured by then is released, in the payer's favour. */
  holdMs: number
  /** How long the operation id is remembered after its last change. */
  rememberMs: number
  /**
   * The era that the account must be in: 0 while no key was ever bound to it, and one more each time its devices were
   * signed out. Undefined: whoever asks has proved enough otherwise.
   */
  era?: number | undefined
  /**
   * A paid resource that stays open for its payer, to what costs no more than these units; `resource` is a digest that
   * names it.
   */
  access?: { resource: string; durationMs: number } | undefined
}

/**
 * What came of a wish to spend.
 *
 * - `held`: the units are set aside (again after a release; together with another run that is still going on).
 * - `admitted`: nothing to pay: access is still open that was bought for at least so many units, or this id was captured
 *   before with the same fingerprint, for at least so many units, and its second run is granted. The units that count are
 *   those that were held, also where fewer were captured.
 * - `insufficient`: available is below the price; nothing was written and the id is not used up.
 * - `conflict`: the id stands for something else, both its runs are used, or it was captured for fewer units or is held for
 *   others than these.
 * - `frozen`: the account may not spend.
 * - `unproven`: the account is in another era than the wish, whatever its id stands for; nothing was written. Only the same
 *   run again is `held` or `admitted` as before: its answer was lost on the way.
 */
export type HoldResult =
  | { type: 'held'; account: Account }
  | { type: 'admitted'; account: Account; reason: 'access' | 'replay' }
  | { type: 'insufficient'; account: Account }
  | { type: 'conflict'; account: Account }
  | { type: 'frozen'; account: Account }
  | { type: 'unproven'; account: Account }

/** Points at one run of a held operation. */
export interface HoldReference extends AccountKey {
  operationId: string
  runId: string
}

/** A capture of `units`, at most what is held; the rest is released. */
export interface Capture extends HoldReference {
  units: number
}

/** `expired`: the hold had run out and was released; nothing was captured. */
export type CaptureResult = { type: 'captured' | 'already_captured' | 'expired' }

/**
 * Where a top-up stands. `prepared` and later are open until `credited` or `failed`:
 * `prepared → intent_saved → (requires_action) → credited | failed`.
 */
export type PurchaseStatus = 'prepared' | 'intent_saved' | 'requires_action' | 'credited' | 'failed'

/** Why a purchase failed, for a second request that asks about it. */
export interface PurchaseFailure {
  /** An error code of the wire: `card_declined`, `payment_failed`, … */
  error: string
  declineCode?: string | undefined
}

/** What is frozen the moment a top-up is prepared: every retry asks Stripe for exactly this. */
export interface PurchaseTerms extends AccountKey {
  purchaseId: PurchaseId
  /** What the card is charged, in Stripe's minor unit. */
  minor: number
  /** What is credited: exactly what is charged, in units. */
  units: number
  /** `pm_…` or `ctoken_…`; empty in a purchase that the store knows only by its payment. */
  paymentMethodId: string
  /** The Customer at Stripe that the card belongs to, or will belong to; null for a card that is not kept. */
  customerId: string | null
  /** The holder agreed that the card stays with that Customer once it has paid. */
  keepsCard: boolean
  /**
   * RFC 7638 thumbprint of the key that signed the request which opened this attempt: whoever holds that key has shown the card.
   * Null without one.
   */
  keyThumbprint: string | null
  /** Its bank is to check the person (3-D Secure `any`), whatever it thinks of the card. */
  wantsBankCheck: boolean
  /** Who the PaymentIntent says made it, whatever the secret is by then; empty where an older version prepared it. */
  issuer: string
  /** What the PaymentIntent says it is for, whatever the payee is called by then; empty where an older version prepared it. */
  description: string
}

/**
 * A card that its holder asked to keep: attached to a Customer at Stripe. A client has at most one, for the client is the
 * card.
 */
export interface SavedCard {
  clientId: ClientId
  customerId: string
  paymentMethodId: string
  /** As Stripe names it, such as `visa`. */
  brand: string
  last4: string
  expMonth: number
  expYear: number
}

/** Points at one attempt of a purchase, within the account of that attempt. A {@link Purchase} is one. */
export interface PurchaseReference extends AccountKey {
  purchaseId: PurchaseId
  attempt: number
}

/** An attempt and the PaymentIntent that it was judged by; null when none was known. A {@link Purchase} is one. */
export interface JudgedPurchase extends PurchaseReference {
  paymentIntentId: string | null
}

/** A top-up as the store remembers it. Times are the store's clock, epoch milliseconds. */
export interface Purchase extends PurchaseTerms {
  status: PurchaseStatus
  /** 1, and one more each time a failed purchase was tried again with another PaymentMethod. */
  attempt: number
  paymentIntentId: string | null
  failure: PurchaseFailure | null
  createdAtMs: number
  updatedAtMs: number
  /** The store's time when this was read, so that ages need no second clock. */
  nowMs: number
}

/**
 * What came of the wish to open a top-up, decided in one atomic step and in this order:
 *
 * - `sufficient`: the balance covers the price by now; the hold is taken, nothing is charged.
 * - `conflict`: the operation id of the hold stands for something else by now; nothing was written.
 * - `existing`: this purchase id is known (open, credited, or failed with the same PaymentMethod). An open one may
 *   have been prepared by this very call, if its reply was lost: whoever gets it carries it on.
 * - `busy`: another top-up of this account and currency is open.
 * - `prepared`: the intent is durable and this caller carries it on.
 *
 * A frozen account may top up: what it owes is repaid first. A failed purchase that comes with another PaymentMethod is prepared again as the next attempt, with the new
 * terms; it may then belong to another account, because another card is another client.
 */
export type PrepareResult =
  | { type: 'sufficient'; hold: Extract<HoldResult, { type: 'held' | 'admitted' }> }
  | { type: 'conflict'; account: Account }
  | { type: 'prepared'; purchase: Purchase }
  | { type: 'existing'; purchase: Purchase }
  | { type: 'busy'; purchase: Purchase }

/** Which open purchases to list, a page at a time. */
export interface DueQuery {
  /** Those that nothing happened to for longer than this. */
  idleMs: number
  /** At most so many. */
  limit: number
  /** The last one of the page before: only those behind it. */
  after?: Purchase | undefined
}

/** Money that arrived: the one way credit comes into being, idempotent per PaymentIntent. */
export interface Credit extends AccountKey {
  paymentIntentId: string
  units: number
  /** Null for a payment of which nobody says which purchase it was for. */
  purchaseId: PurchaseId | null
}

/**
 * Money that went back, by refund or dispute. States the whole truth about one Stripe object: of two debits with the
 * same `debitId` the higher `rank` wins and equal ranks are the same, so that any order of arrival gives one balance.
 */
export interface Debit extends AccountKey {
  /** `re_…` or `du_…`/`dp_…`. */
  debitId: string
  rank: number
  /** Units taken by this object in this state; 0 when the money stayed or came back. */
  units: number
  /** Whether the account is frozen while the object is in this state. */
  freezes: boolean
  reason: 'refund' | 'dispute'
  /**
   * The run of a hold that kept these units from being spent: it ends in the same step, also when the state is known
   * already. In two, the account would look in debt in between.
   */
  hold?: Pick<HoldReference, 'operationId' | 'runId'> | undefined
}

/** One line of an account's history, newest first. `units` is signed: credits positive, spends and debits negative. */
export interface HistoryEntry {
  id: string
  atMs: number
  kind: 'top_up' | 'spend' | 'refund' | 'dispute'
  units: number
  /** PaymentIntent, refund or dispute id; or the resource that was paid for. */
  reference: string
}

/**
 * A rule of the ledger that does not hold. A store checks the first five; the others are about time and Stripe:
 *
 * - `hold_outlived`, `purchase_stuck`: nobody has swept for a long time.
 * - `charged_not_credited`, `credited_not_charged`: payments and credit of an account differ.
 * - `debited_differently`: what went back by refunds and disputes is not what was debited.
 * - `paid_twice`: two payments stand for one purchase.
 */
export interface AuditBreak {
  rule:
    | 'conservation'
    | 'negative_available'
    | 'negative_held'
    | 'open_purchases'
    | 'held_without_operations'
    | 'hold_outlived'
    | 'purchase_stuck'
    | 'charged_not_credited'
    | 'credited_not_charged'
    | 'debited_differently'
    | 'frozen_differently'
    | 'paid_twice'
  account: AccountKey
  detail: string
}

/** The sums of one account at one moment of an audit. */
export interface AuditedAccount extends AccountKey {
  credited: number
  available: number
  held: number
  spent: number
  debited: number
  /** How long ago the oldest hold that is still held should have been released, milliseconds; 0 without one. */
  overdueMs: number
}

/** What an audit saw. Sums in units, by currency. */
export interface AuditReport {
  accounts: number
  totals: Record<
    string,
    { credited: number; available: number; held: number; spent: number; debited: number }
  >
  breaks: AuditBreak[]
}

/** The keys of the devices that may spend from an account. */
export interface AccountKeys {
  /** 0 while no key was ever bound; then from 1, and one more each time all devices were signed out. */
  era: number
  /** RFC 7638 thumbprints, in the order in which they were bound. */
  thumbprints: string[]
}

/** Something that counts for a while, such as one attempt to pay from one address. */
export interface Mark {
  /** What is counted: digests and words, never an address or a card. */
  name: string
  /** Tells it from others of the same name; the same one again, while it counts, is not counted twice. */
  member: string
  /** How long it counts. The same for every mark of a name. */
  windowMs: number
  /** It is not made when so many others of the name count already; 0 only asks how many do. */
  most: number
}

/** What came of a {@link Mark}. */
export interface MarkResult {
  /** Whether it counts now. */
  isMade: boolean
  /** How many of the name count, this one included when it is made. */
  count: number
  /** Milliseconds until the oldest of them counts no more; 0 when there is none. */
  freeInMs: number
}

/** What a store is found to be when it starts. `dataId` names data that nobody declared complete, and is lost with them. */
export type StoreState = { type: 'ready' } | { type: 'blank'; dataId: string }

/**
 * Keeps credit. Every verb is one atomic step, and doing it twice is doing it once.
 *
 * Rejections mean that the outcome is unknown to the caller; a verb either took effect as a whole or not at all.
 * The caller owns the connection.
 */
export interface Store {
  /**
   * Checks that the store can keep money safely and creates what it needs; called before the first use.
   *
   * `blank`: nobody ever called {@link open} on these data: the store is new, or it lost them. Then a missing balance
   * says nothing, so `hold` rejects where it would answer `insufficient`, and `prepareTopUp` opens no top-up. Every
   * other verb works, for that is how credit is rebuilt.
   */
  start(): Promise<StoreState>
  /** Whether the data of a client were declared complete: then what is not there never was. */
  isOpen(clientId: ClientId): Promise<boolean>
  /**
   * Declares complete the data that {@link start} named. No effect when they were already.
   *
   * @throws BlankStoreError when they are lost: what was found out about them says nothing of those that are there now.
   */
  open(dataId: string): Promise<void>
  hold(request: HoldRequest): Promise<HoldResult>
  /** Captures many holds in one round trip; the results stand in the order of the input. */
  capture(captures: readonly Capture[]): Promise<CaptureResult[]>
  /**
   * Ends one run; the units come back when no other run of the operation is going on and nothing was captured. One of two runs
   * leaves its place to another.
   */
  release(hold: HoldReference): Promise<void>
  /** `hold` is the wish that lacked credit; without one (a top-up for its own sake) the balance is not asked. */
  prepareTopUp(terms: PurchaseTerms, hold: HoldRequest | null): Promise<PrepareResult>
  /**
   * Remembers the PaymentIntent of an attempt. The first one stays: compare the answer's. No effect on a closed
   * purchase or an older attempt.
   */
  saveIntent(purchase: PurchaseReference, paymentIntentId: string): Promise<Purchase>
  /** The person has to act (3-D Secure); the purchase stays open. No effect on a closed purchase or an older attempt. */
  awaitAction(purchase: PurchaseReference): Promise<Purchase>
  /**
   * Closes a purchase that certainly took no money, judged by the PaymentIntent it had (or had not) when it was looked
   * at. No effect when it has another one by now, once it is closed, or on an older attempt.
   */
  failTopUp(purchase: JudgedPurchase, failure: PurchaseFailure): Promise<Purchase>
  /**
   * Credits once per PaymentIntent and creates the account if it is not known. Closes its purchase; one that is not known,
   * because the store lost it, is remembered as credited, so that whoever repeats it is told so and does not pay again.
   */
  credit(credit: Credit): Promise<{ type: 'credited' | 'already_credited'; account: Account }>
  debit(debit: Debit): Promise<{ type: 'debited' | 'unchanged'; account: Account }>
  /** The account, all zero when it does not exist yet. */
  account(key: AccountKey): Promise<Account>
  /** The accounts of this client that money ever moved in, by currency. */
  accounts(clientId: ClientId): Promise<Account[]>
  /** The PaymentIntents that were credited to an account, in no order. */
  payments(key: AccountKey): Promise<string[]>
  purchase(purchaseId: PurchaseId): Promise<Purchase | null>
  /** Newest first; `before` is the id of the last entry already seen. At most `limit` (≤ 1000) entries. */
  history(key: AccountKey, page: { limit: number; before?: string | undefined }): Promise<HistoryEntry[]>
  /** Open purchases last changed more than `idleMs` ago, oldest first. */
  due(query: DueQuery): Promise<Purchase[]>
  /** Releases holds that ran out. Returns how many; call again while it is `limit`. */
  releaseExpired(limit: number): Promise<number>
  /** Binds a device's key: from then on the account wants proof. The oldest of more than 20 goes. Gives the era. */
  bindKey(key: AccountKey, thumbprint: string): Promise<number>
  keys(key: AccountKey): Promise<AccountKeys>
  /** Begins a new era: no key is bound, and what was signed in an older one is worth nothing. */
  signOut(key: AccountKey): Promise<void>
  /** Remembers the card of a client in place of an older one. No effect for a PaymentMethod that was forgotten. */
  keepCard(card: SavedCard): Promise<void>
  savedCard(clientId: ClientId): Promise<SavedCard | null>
  /** Forgets a card, for good: a late word of its payment does not bring it back. No effect when another one is kept. */
  forgetCard(card: Pick<SavedCard, 'clientId' | 'paymentMethodId'>): Promise<void>
  /** Makes marks, each by itself, in one round trip; the results stand in the order of the input. */
  mark(marks: readonly Mark[]): Promise<MarkResult[]>
  /** Checks every account, and shows each to `visit`. Safe to run beside traffic. */
  audit(visit?: (account: AuditedAccount) => void): Promise<AuditReport>
  /** What {@link markReconciled} was told last, on these data; null before the first time. */
  reconciledAt(): Promise<number | null>
  /** Remembers when a run began that compared this (open) store with Stripe, epoch milliseconds; of two the later. */
  markReconciled(atMs: number): Promise<void>
}
