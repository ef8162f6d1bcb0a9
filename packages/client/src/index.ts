export { type AccountFetchOptions, accountFetch } from './account-fetch.js'
export type { Client, ClientMode, ClientOptions } from './client.js'
export {
  type ClientStore,
  localStore,
  memoryStore,
  type OpenPurchase,
  type OriginRecord,
} from './client-store.js'
export {
  createStripe402Fetch,
  type OnPaymentRequired,
  type Stripe402ClientConfig,
} from './create-stripe402-fetch.js'
export { type DeviceKeys, memoryKeys } from './device-keys.js'
export {
  AuthenticationRequiredError,
  BodyNotReplayableError,
  PaymentCancelledError,
  PaymentDeclinedError,
  PaymentFailedError,
  PaymentPendingError,
  PaymentRequiredError,
  PolicyRefusedError,
} from './errors.js'
export {
  type ClientEvent,
  type ClientEventMap,
  type EventRequest,
  listen,
} from './events.js'
export { install } from './install.js'
export type {
  CardChoice,
  CreditChoice,
  Payer,
  PaymentChoice,
  PaymentContext,
  PaymentOutcome,
  PaymentReason,
  SavedCardChoice,
} from './payer.js'
export type { SpendPolicy, UnitLimit } from './policy.js'
export { rawFetch } from './raw-fetch.js'
export { forgetCard, type SavedCard, savedCardOf } from './saved-card.js'
export { signOut, signOutEverywhere } from './sign-out.js'
export { wrapFetch } from './wrap-fetch.js'
