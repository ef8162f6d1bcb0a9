export {
  chargeableUnits,
  formatUnits,
  InvalidAmountError,
  maximumChargeUnits,
  minorToUnits,
  UNITS_PER_MAJOR,
  unitsToCents,
  unitsToDollars,
  unitsToMinor,
} from './currency.js'
export { ERROR_STATUS, ERROR_TITLE, type ErrorCode, isErrorCode } from './error-codes.js'
export {
  type Decoded,
  decodeHeader,
  encodeHeader,
  type HeaderProblem,
  InvalidHeaderError,
  MAX_HEADER_LENGTH,
  readHeader,
  readJson,
} from './header-codec.js'
export { HEADERS, STRIPE402_VERSION } from './headers.js'
export {
  type ClientId,
  isClientId,
  isPurchaseId,
  isRequestId,
  type PurchaseId,
  type RequestId,
} from './ids.js'
export { isStripe402Error } from './is-stripe402-error.js'
export { minimumChargeUnits } from './minimum-charge.js'
export { type Payment, provedText, readPayment, serializePayment } from './payment.js'
export {
  type Decline,
  type NextAction,
  type Payee,
  type PaymentRequired,
  type PaymentRequirements,
  type ResourceInfo,
  readPaymentRequired,
  readPaymentRequiredBody,
  serializePaymentRequired,
} from './payment-required.js'
export { type PaymentResponse, readPaymentResponse, serializePaymentResponse } from './payment-response.js'
export { Stripe402Error } from './stripe402-error.js'
