const zeroDecimal = new Set('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '))
const threeDecimal = new Set('BHD JOD KWD OMR TND'.split(' '))

/** An amount in Stripe's smallest unit, as a person reads it. Stripe's digits differ from `Intl`'s for some currencies. */
export function formatMinor(minor: number, currency: string, locale: string): string {
  const code = currency.toUpperCase()
  const digits = zeroDecimal.has(code) ? 0 : threeDecimal.has(code) ? 3 : 2
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: code,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minor / 10 ** digits)
}
