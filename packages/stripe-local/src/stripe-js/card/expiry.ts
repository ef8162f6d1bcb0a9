import { digitsOf } from './card-number.js'

/** What is known about an expiration date so far. */
export type ExpiryState =
  | 'empty'
  | 'incomplete'
  | 'invalid-month'
  | 'invalid-year'
  | 'past-month'
  | 'past-year'
  | 'complete'

/** A card's last month. `year` has four digits. */
export interface Expiry {
  readonly month: number
  readonly year: number
}

/** Cards are not issued for longer than this. */
const longestYears = 50

/** The date as `MM / YY`, from anything a person types, pastes or a browser fills in (`0526`, `5/26`, `05/2026`). */
export function formatExpiry(text: string): string {
  const oneDigitMonth = /^\s*(\d)\s*[/\-.](.*)$/.exec(text.normalize('NFKC'))
  const digits = digitsOf(oneDigitMonth ? `0${oneDigitMonth[1]}${oneDigitMonth[2]}` : text)
  if (digits === '' || digits === '0' || digits === '1') return digits
  const [month, rest] = splitMonth(digits)
  // Autofill writes a four-digit year; only a pasted or filled value can hold one.
  const year = /^20\d\d/.test(rest) ? rest.slice(2, 4) : rest.slice(0, 2)
  return `${month} / ${year}`
}

/** The formatted date after a deletion: the separator goes together with the digit before it. */
export function formatExpiryAfterDeletion(text: string): string {
  const digits = digitsOf(text)
  if (digits.length > 2) return formatExpiry(digits)
  return /\d\d\s*\/?\s*$/.test(text) && text.includes('/') ? digits.slice(0, 1) : digits
}

function splitMonth(digits: string): [month: string, rest: string] {
  // A first digit of 2–9, or 13–19, can only be a month of one digit.
  const isShort = digits[0] !== '0' && (digits.length === 1 || Number(digits.slice(0, 2)) > 12)
  return isShort ? [`0${digits[0]}`, digits.slice(1)] : [digits.slice(0, 2), digits.slice(2)]
}

/** The month and year in a formatted date, or `null` while it is incomplete or impossible. */
export function parseExpiry(text: string): Expiry | null {
  const match = /^(\d\d) \/ (\d\d)$/.exec(text)
  if (!match) return null
  const month = Number(match[1])
  return month >= 1 && month <= 12 ? { month, year: 2000 + Number(match[2]) } : null
}

/** Whether a formatted date is empty, unfinished, impossible, over, or good on the day `today`. */
export function judgeExpiry(text: string, today: Date): ExpiryState {
  if (text === '') return 'empty'
  const match = /^(\d\d) \/ (\d\d)$/.exec(text)
  if (!match) return 'incomplete'
  const expiry = parseExpiry(text)
  if (!expiry) return 'invalid-month'
  const year = today.getFullYear()
  if (expiry.year < year) return 'past-year'
  if (expiry.year > year + longestYears) return 'invalid-year'
  return expiry.year === year && expiry.month < today.getMonth() + 1 ? 'past-month' : 'complete'
}
