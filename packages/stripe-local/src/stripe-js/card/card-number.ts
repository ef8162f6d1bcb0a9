import { shapeOf } from './brand.js'

/** What is known about a card number so far. */
export type CardNumberState = 'empty' | 'incomplete' | 'invalid' | 'complete'

/** The ASCII digits of what was typed or pasted; Arabic-Indic and full-width digits count as well. */
export function digitsOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06F0-\u06F9]/g, latinDigit)
    .replace(/\D/g, '')
}

function latinDigit(digit: string): string {
  return String(digit.charCodeAt(0) & 0xf)
}

/** The card number in its network's groups, cut at the longest length that the network issues. */
export function formatCardNumber(text: string): string {
  const { lengths, groups } = shapeOf(digitsOf(text))
  const digits = digitsOf(text).slice(0, Math.max(...lengths))
  // Diners issues 14 digits in 4-6-4 and 16 digits in fours.
  const sizes = digits.length > sum(groups) ? [4, 4, 4, 4, 4] : groups
  let rest = digits
  return sizes
    .map((size) => {
      const group = rest.slice(0, size)
      rest = rest.slice(size)
      return group
    })
    .filter((group) => group !== '')
    .join(' ')
}

/** Whether a card number is empty, still short, mistyped, or complete. */
export function judgeCardNumber(text: string): CardNumberState {
  const digits = digitsOf(text)
  const { brand, lengths } = shapeOf(digits)
  if (digits === '') return 'empty'
  if (!lengths.includes(digits.length)) return 'incomplete'
  return brand !== 'unknown' && passesLuhn(digits) ? 'complete' : 'invalid'
}

/** Whether the number's check digit is right (ISO/IEC 7812-1, annex B). */
export function passesLuhn(digits: string): boolean {
  const total = [...digits].reverse().reduce((running, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return running + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return total % 10 === 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((running, number) => running + number, 0)
}
