/** In the unit of this package, a ten-thousandth. */
const UNITS_PER_MAJOR = 10_000

/**
 * Reads an amount as a person types it ("7,50", "1 200", "١٢٫٥") into units; `null` when it is not an amount.
 *
 * Exactly one separator with one or two digits behind it, or the last of two kinds, is the decimal one; everything
 * else that separates digits is grouping.
 */
export function readOwnAmount(text: string): number | null {
  const plain = text
    .normalize('NFKC')
    .replace(/[٠-٩۰-۹]/g, (digit) => String(digit.charCodeAt(0) & 15))
    .replace(/٫/g, ',')
    .replace(/[\s'’٬\p{Sc}]/gu, '')
  if (!/^\d{1,3}(?:[.,]?\d+)*$/.test(plain)) return null
  const last = Math.max(plain.lastIndexOf(','), plain.lastIndexOf('.'))
  const behind = last < 0 ? 0 : plain.length - last - 1
  const isDecimal = behind === 1 || behind === 2
  const whole = (isDecimal ? plain.slice(0, last) : plain).replace(/[.,]/g, '')
  const units = Math.round(Number(`${whole}.${isDecimal ? plain.slice(last + 1) : '0'}`) * UNITS_PER_MAJOR)
  return units > 0 && Number.isSafeInteger(units) ? units : null
}
