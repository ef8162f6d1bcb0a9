import type { Card } from './stripe-frames.js'

/**
 * Parts of a card that occur in a text: as typed, grouped, URL-encoded, or inside base64.
 *
 * A security code and a date are short, so they count only where they stand by themselves.
 */
export function cardDataIn(text: string, card: Card): (keyof Card)[] {
  const readings = [text, percentDecoded(text), ...base64Decoded(text)]
  const [month = '', year = ''] = card.expiry.split(' / ')
  const patterns = {
    number: new RegExp(card.number.split('').join('[^0-9a-z]{0,3}'), 'i'),
    cvc: new RegExp(`(?<![-\\w.])${card.cvc}(?![-\\w.])`),
    expiry: new RegExp(`(?<![-\\w.])${month}[^0-9a-z]{0,3}(20)?${year}(?![-\\w.])`),
  }
  const found: (keyof Card)[] = []
  for (const part of ['number', 'cvc', 'expiry'] as const)
    if (readings.some((reading) => patterns[part].test(reading))) found.push(part)
  return found
}

function percentDecoded(text: string): string {
  return text
    .replace(/\+/g, ' ')
    .replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}

function base64Decoded(text: string): string[] {
  const runs = text.match(/[\w+/-]{16,}={0,2}/g) ?? []
  return runs.map((run) => Buffer.from(run, 'base64').toString('utf8'))
}
