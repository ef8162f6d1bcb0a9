/** How a currency is written where the person is. */
export interface AmountStyle {
  /** What stands before a fraction. */
  readonly decimal: '.' | ','
  /** How many digits a fraction has. */
  readonly digits: number
}

/** One and a half of a major unit: no amount is shorter and has a fraction in every currency. */
const SAMPLE_UNITS = 15_000

/** The style of a currency, from how `money` writes its units. */
export function amountStyle(money: (units: number) => string): AmountStyle {
  const [, mark, fraction = ''] = money(SAMPLE_UNITS).match(/\p{Nd}(\P{Nd})(\p{Nd}+)/u) ?? []
  return { decimal: mark === ',' ? ',' : '.', digits: fraction.length }
}

/** In the unit of this package, a ten-thousandth, a fraction has as many digits. */
const UNIT_DIGITS = 4

/**
 * Reads an amount as a person types it ("7,50", "1 200", ".75", "١٢٫٥") into units: 0 while nothing of it is there yet,
 * `null` when it is not an amount.
 *
 * The last separator is the decimal one, unless the digits behind it can only be one more group: what could be either
 * is the smaller amount.
 */
export function readOwnAmount(text: string, style: AmountStyle): number | null {
  const plain = plainDigits(text, style)
  const last = plain.search(/[.,]\d*$/)
  const end = last < 0 || isGroup(plain.slice(0, last), plain.slice(last), style) ? plain.length : last
  const whole = plain.slice(0, end)
  const fraction = plain.slice(end + 1)
  // Groups of three digits; in India, of two before the last.
  if (!/^(?:\d*|\d{1,3}([.,])(?:\d{2,3}\1)*\d{3})$/.test(whole)) return null
  const units = Number(whole.replace(/[.,]/g, '') + fraction.slice(0, UNIT_DIGITS).padEnd(UNIT_DIGITS, '0'))
  return Number.isSafeInteger(units) ? units : null
}

/** Whether a separator and the digits behind it are one more group of digits before it. */
function isGroup(before: string, group: string, { decimal, digits }: AmountStyle): boolean {
  const mark = group.charAt(0)
  if (group.length !== 4) return false
  if (/[.,]/.test(before)) return before.includes(mark)
  return digits < 3 && mark !== decimal && /^[1-9]\d{0,2}$/.test(before)
}

/** Digits and separators that are, or may be, decimal ones: without spaces, and without the sign of a currency. */
function plainDigits(text: string, { decimal }: AmountStyle): string {
  return (
    text
      .normalize('NFKC')
      .replace(/\p{Cf}/gu, '')
      .trim()
      // “$”, “US$”, “KWD ” or “د.ك. ”
      .replace(/^[\p{L}\p{Sc}.]*(?:\p{Sc}|\p{L}\.?\s)/u, '')
      .replace(/\p{Sc}$|\s[\p{L}\p{Sc}.]+$/u, '')
      .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
      .replace(/٫/g, decimal)
      .replace(/[\s'’٬]/g, '')
  )
}
