import { createHash } from 'node:crypto'
import { ApiError } from './api-error.js'
import { LIVE_CARD_IN_TEST_MODE, type TestCard, testCardByNumber } from './cards.js'

/** A card as Stripe keeps it in its vault. */
export interface VaultedCard {
  testCard: TestCard
  expMonth: number
  expYear: number
  /** Whether it came with a security code, and whether the issuer has been asked about that. */
  cvc: 'none' | 'unchecked' | 'checked'
}

/** Card details as they arrive. */
export interface SentCard {
  number: string
  expMonth: number
  expYear: number
  cvc: string | undefined
}

/**
 * Checks what Stripe checks without asking the issuer: Luhn, expiry, and the CVC's length.
 * @throws ApiError 402 `incorrect_number`, `invalid_number`, `invalid_expiry_month`, `invalid_expiry_year`, `invalid_cvc`
 */
export function vaultCard(sent: SentCard, nowMs: number): VaultedCard {
  const number = sent.number.replace(/[\s-]/g, '')
  if (!/^\d{12,19}$/.test(number))
    throw cardError('invalid_number', 'The card number is not a valid credit card number.', 'number')
  if (!passesLuhn(number)) throw cardError('incorrect_number', 'Your card number is incorrect.', 'number')
  const expYear = sent.expYear < 100 ? 2000 + sent.expYear : sent.expYear
  if (sent.expMonth < 1 || sent.expMonth > 12) {
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month')
  }
  const now = new Date(nowMs)
  const monthsLeft = (expYear - now.getUTCFullYear()) * 12 + sent.expMonth - (now.getUTCMonth() + 1)
  if (expYear === now.getUTCFullYear() && monthsLeft < 0) {
    throw cardError('invalid_expiry_month', "Your card's expiration month is invalid.", 'exp_month')
  }
  if (monthsLeft < 0 || monthsLeft > 50 * 12) {
    throw cardError('invalid_expiry_year', "Your card's expiration year is invalid.", 'exp_year')
  }
  const testCard = testCardByNumber(number)
  if (!testCard) {
    const { code, message, declineCode } = LIVE_CARD_IN_TEST_MODE
    throw new ApiError(402, {
      type: 'card_error',
      code,
      message,
      param: 'number',
      ...(declineCode === undefined ? {} : { decline_code: declineCode }),
    })
  }
  if (sent.cvc !== undefined && !(testCard.brand === 'amex' ? /^\d{3,4}$/ : /^\d{3}$/).test(sent.cvc)) {
    throw cardError('invalid_cvc', "Your card's security code is invalid.", 'cvc')
  }
  return { testCard, expMonth: sent.expMonth, expYear, cvc: sent.cvc === undefined ? 'none' : 'unchecked' }
}

/** The card behind a name such as `pm_card_visa`, with an expiry a year ahead. */
export function cardOfName(testCard: TestCard, nowMs: number): VaultedCard {
  const now = new Date(nowMs)
  return { testCard, expMonth: now.getUTCMonth() + 1, expYear: now.getUTCFullYear() + 1, cvc: 'unchecked' }
}

/** The same card once its issuer has been asked about it. */
export function checkedCard(card: VaultedCard): VaultedCard {
  return card.cvc === 'unchecked' ? { ...card, cvc: 'checked' } : card
}

/** Stripe's fingerprint: one value per card number and account, whatever the expiry or the CVC. */
export function fingerprintOf(number: string, account: string): string {
  const card = `${account}:${number}`
  const known = fingerprints.get(card)
  if (known !== undefined) return known
  const digest = createHash('sha256').update(card).digest('base64')
  const fingerprint = digest.replace(/[^a-zA-Z0-9]/g, '').slice(0, 16)
  fingerprints.set(card, fingerprint)
  return fingerprint
}

/** There are only so many test cards, and every object of a card shows its fingerprint. */
const fingerprints = new Map<string, string>()

function passesLuhn(number: string): boolean {
  const sum = [...number].reverse().reduce((total, digit, position) => {
    const value = Number(digit) * (position % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

function cardError(code: string, message: string, param: string): ApiError {
  return new ApiError(402, { type: 'card_error', code, message, param })
}
