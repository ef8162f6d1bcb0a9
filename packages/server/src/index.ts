export type { AuditOptions, FullAuditReport, StripeTotals } from './audit/audit.js'
export type { AuditProgress } from './audit/stripe-book.js'
export type { Authorization } from './authorize.js'
export { deriveClientId } from './client-id.js'
export { ConfigurationError } from './configuration-error.js'
export { createStripe402, type Stripe402 } from './create-stripe402.js'
export { createStripe402FromEnvironment, type Environment } from './environment.js'
export type { EventListener, Stripe402Event } from './events.js'
export type { Grant, PaymentInfo } from './grant.js'
export type { Breaker, ChallengeAnswer, ChallengeHook, Limit, Limits } from './limits/limits.js'
export { type PaidRequest, queryOf } from './paid-request.js'
export type { FixedPrice, Price, PriceAmount } from './price.js'
export type { PriceOptions, PriceTag } from './price-tag.js'
export type { ReconcileOptions } from './reconcile/reconcile.js'
export type { ReconciledKind, ReconcileReport, Repair } from './reconcile/repair-log.js'
export type { DescribedFault } from './redact.js'
export type { RefundedPart, RefundOptions, RefundReport } from './refund/refund-client.js'
export type { PartOutcome } from './refund/refund-payment.js'
export { type Answer, EXPOSED_HEADERS } from './refusal.js'
export type { Runtime } from './runtime.js'
export type { Logger, Settings, Stripe402Options, TopUpLimits } from './settings.js'
export {
  BlankStoreError,
  InvalidInputError,
  MemoryStore,
  type MemoryStoreOptions,
  type PostgresConnection,
  PostgresStore,
  type PostgresStoreOptions,
  RedisStore,
  type RedisStoreOptions,
  type ReplicaWait,
  StoreUnavailableError,
  UnknownPurchaseError,
} from './store/index.js'
export type {
  Account,
  AccountKey,
  AccountKeys,
  AuditBreak,
  AuditedAccount,
  AuditReport,
  Capture,
  CaptureResult,
  Credit,
  Debit,
  DueQuery,
  HistoryEntry,
  HoldReference,
  HoldRequest,
  HoldResult,
  JudgedPurchase,
  Mark,
  MarkResult,
  PrepareResult,
  Purchase,
  PurchaseFailure,
  PurchaseReference,
  PurchaseStatus,
  PurchaseTerms,
  SavedCard,
  Store,
} from './store.js'
export type { StripeConnection } from './stripe-client.js'
export type { SweepOptions, SweepReport } from './sweep.js'
