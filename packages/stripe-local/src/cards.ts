/** Why an issuer, or Stripe's fraud rules, says no. */
export interface Decline {
  code: string
  declineCode?: string
  message: string
  isBlocked?: boolean
}

/** How a test card behaves. */
export interface TestCard {
  number: string
  /** Names without `pm_card_` or `tok_`. */
  names: readonly string[]
  brand: Brand
  country: string
  funding: 'credit' | 'debit' | 'prepaid'
  charge?: Decline
  /** Asked at attach and at SetupIntents; where absent, the same as `charge`. */
  attach?: Decline | 'accepted'
  /** When the issuer wants 3-D Secure; off-session it is then declined as `authentication_required`. */
  authentication?: 'always' | 'unless-set-up' | 'on-session' | 'on-request'
  is3dsUnsupported?: boolean
  isCvcWrong?: boolean
  dispute?: { reason: string; isInquiry: boolean }
  hasFraudWarning?: boolean
  refund?: 'pending' | 'fails-later'
}

export type Brand = 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay'

const DECLINED = 'Your card was declined.'

/** The decline that names a reason beside `card_declined`. */
function cardDeclined(declineCode: string, message: string = DECLINED): Decline {
  return { code: 'card_declined', declineCode, message }
}

const EXPIRED: Decline = {
  code: 'expired_card',
  declineCode: 'expired_card',
  message: 'Your card has expired.',
}
const INCORRECT_CVC: Decline = {
  code: 'incorrect_cvc',
  declineCode: 'incorrect_cvc',
  message: "Your card's security code is incorrect.",
}
const PROCESSING_ERROR: Decline = {
  code: 'processing_error',
  declineCode: 'processing_error',
  message: 'An error occurred while processing your card. Try again in a little bit.',
}
const INSUFFICIENT = cardDeclined('insufficient_funds', 'Your card has insufficient funds.')
const VELOCITY = cardDeclined(
  'card_velocity_exceeded',
  'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
)

/** The issuer wants the payer on the page: off-session, or where the caller refuses an action. */
export const AUTHENTICATION_REQUIRED: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
}

/** A number that is no test card: Stripe's test mode takes test cards only. */
export const LIVE_CARD_IN_TEST_MODE: Decline = cardDeclined(
  'test_mode_live_card',
  'Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
)

type Row = Partial<Omit<TestCard, 'number' | 'names'>>

function card(number: string, names: string, row: Row = {}): TestCard {
  return {
    number,
    names: names.split(' ').filter(Boolean),
    brand: 'visa',
    country: 'US',
    funding: 'credit',
    ...row,
  }
}

/** Stripe's test cards, from its testing page. */
export const TEST_CARDS: readonly TestCard[] = [
  card('4242424242424242', 'visa us'),
  card('4000056655665556', 'visa_debit', { funding: 'debit' }),
  card('5555555555554444', 'mastercard', { brand: 'mastercard' }),
  card('2223003122003222', '', { brand: 'mastercard' }),
  card('5200828282828210', 'mastercard_debit', { brand: 'mastercard', funding: 'debit' }),
  card('5105105105105100', 'mastercard_prepaid', { brand: 'mastercard', funding: 'prepaid' }),
  card('378282246310005', 'amex amex_threeDSecureNotSupported', { brand: 'amex', is3dsUnsupported: true }),
  card('371449635398431', '', { brand: 'amex' }),
  card('6011111111111117', 'discover', { brand: 'discover' }),
  card('6011000990139424', '', { brand: 'discover' }),
  card('6011981111111113', '', { brand: 'discover', funding: 'debit' }),
  card('3056930009020004', 'diners', { brand: 'diners' }),
  card('36227206271667', '', { brand: 'diners' }),
  card('6555900000604105', '', { brand: 'discover' }),
  card('3566002020360505', 'jcb', { brand: 'jcb' }),
  card('6200000000000005', 'unionpay', { brand: 'unionpay' }),
  card('6200000000000047', '', { brand: 'unionpay', funding: 'debit' }),
  card('6205500000000000004', '', { brand: 'unionpay' }),

  card('4000000000000002', 'visa_chargeDeclined chargeDeclined', { charge: cardDeclined('generic_decline') }),
  card('4000000000009995', 'visa_chargeDeclinedInsufficientFunds chargeDeclinedInsufficientFunds', {
    charge: INSUFFICIENT,
  }),
  card('4000000000009987', 'visa_chargeDeclinedLostCard', { charge: cardDeclined('lost_card') }),
  card('4000000000009979', 'visa_chargeDeclinedStolenCard', { charge: cardDeclined('stolen_card') }),
  card('4000000000000069', 'chargeDeclinedExpiredCard', { charge: EXPIRED }),
  card('4000000000000127', 'chargeDeclinedIncorrectCvc', { charge: INCORRECT_CVC, isCvcWrong: true }),
  card('4000000000000119', 'chargeDeclinedProcessingError', { charge: PROCESSING_ERROR }),
  card('4000000000006975', 'visa_chargeDeclinedVelocityLimitExceeded', { charge: VELOCITY }),
  card('4000000000000341', 'chargeCustomerFail', {
    charge: cardDeclined('generic_decline'),
    attach: 'accepted',
  }),
  card('4100000000000019', 'radarBlock', {
    charge: { ...cardDeclined('fraudulent'), isBlocked: true },
    attach: 'accepted',
  }),
  // Charges that fail the check are blocked here, as Stripe's own rule has it. A card that is set up is not charged.
  card('4000000000000101', 'cvcCheckFail', {
    charge: { ...INCORRECT_CVC, isBlocked: true },
    attach: 'accepted',
    isCvcWrong: true,
  }),

  card('4000002500003155', 'authenticationRequiredOnSetup', {
    authentication: 'unless-set-up',
    country: 'FR',
  }),
  card('4000002760003184', 'authenticationRequired', { authentication: 'always', country: 'DE' }),
  card('4000003800000446', 'authenticationRequiredSetupForOffSession', {
    authentication: 'on-session',
    country: 'ES',
  }),
  card('4000000000003220', 'threeDSecure2Required', { authentication: 'always' }),
  card('4000000000003063', 'threeDSecureRequired', { authentication: 'always' }),
  card('4000000000003055', 'threeDSecureOptional', { authentication: 'on-request' }),
  card('4000008260003178', 'authenticationRequiredChargeDeclinedInsufficientFunds', {
    authentication: 'always',
    charge: INSUFFICIENT,
    attach: 'accepted',
    country: 'GB',
  }),
  card('4000008400001629', 'threeDSecureRequiredChargeDeclined', {
    authentication: 'always',
    charge: cardDeclined('generic_decline'),
  }),
  card('4000008400001280', 'threeDSecureRequiredProcessingError', {
    authentication: 'always',
    charge: PROCESSING_ERROR,
  }),

  card('4000000000000259', 'createDispute', { dispute: { reason: 'fraudulent', isInquiry: false } }),
  card('4000000000002685', 'createDisputeProductNotReceived', {
    dispute: { reason: 'product_not_received', isInquiry: false },
  }),
  card('4000000000001976', 'createDisputeInquiry', { dispute: { reason: 'fraudulent', isInquiry: true } }),
  card('4000000000005423', 'createIssuerFraudRecord', { hasFraudWarning: true }),
  card('4000000000007726', 'pendingRefund', { refund: 'pending' }),
  card('4000000000005126', 'refundFail', { refund: 'fails-later' }),
]

/** Finds a test card by its digits. */
export function testCardByNumber(number: string): TestCard | undefined {
  return TEST_CARDS.find((candidate) => candidate.number === number)
}

/** Finds a test card by a name such as `pm_card_visa` or `tok_visa`. */
export function testCardByName(name: string): TestCard | undefined {
  const bare = /^(?:pm_card|tok)_(.+)$/.exec(name)?.[1]
  return bare === undefined ? undefined : TEST_CARDS.find((candidate) => candidate.names.includes(bare))
}
