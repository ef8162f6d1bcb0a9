import { invalidParameter } from './api-error.js'

/** Least charge per currency in Stripe's minor unit; equivalents of about half a dollar where Stripe publishes none. */
const MINIMUM_MINOR: Readonly<Record<string, number>> = {
  usd: 50,
  aed: 200,
  ars: 50,
  aud: 50,
  brl: 50,
  cad: 50,
  chf: 50,
  cop: 50,
  czk: 1500,
  dkk: 250,
  eur: 50,
  gbp: 30,
  hkd: 400,
  huf: 17_500,
  idr: 50,
  ils: 50,
  inr: 50,
  jpy: 50,
  krw: 50,
  mxn: 1000,
  myr: 200,
  nok: 300,
  nzd: 50,
  php: 50,
  pln: 200,
  ron: 200,
  sek: 300,
  sgd: 50,
  thb: 1000,
  zar: 50,
  bif: 1500,
  clp: 500,
  djf: 100,
  gnf: 5000,
  kmf: 250,
  mga: 2500,
  pyg: 4000,
  rwf: 800,
  vnd: 13_000,
  vuv: 70,
  xaf: 350,
  xof: 350,
  xpf: 60,
  isk: 7000,
  ugx: 200_000,
  bhd: 200,
  jod: 360,
  kwd: 160,
  omr: 200,
  tnd: 1600,
}

const ZERO_DECIMAL = new Set('bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '))
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '))
const WHOLE_UNITS_TIMES_100 = new Set(['isk', 'ugx'])
const LARGEST_MINOR = 99_999_999

/**
 * Checks that an amount can be charged in a currency.
 * @param minor amount in Stripe's minor unit
 * @throws ApiError 400 for an unknown currency, `amount_too_small`, `amount_too_large`, `invalid_charge_amount`
 */
export function checkAmount(minor: number, currency: string): void {
  const minimum = minimumOf(currency)
  if (THREE_DECIMAL.has(currency) && minor % 10 !== 0) {
    throw invalidParameter(`Invalid amount: the last digit of a charge in ${currency} must be 0.`, {
      code: 'invalid_charge_amount',
      param: 'amount',
    })
  }
  if (WHOLE_UNITS_TIMES_100.has(currency) && minor % 100 !== 0) {
    throw invalidParameter(`Invalid amount: ${currency} has no decimals; the last two digits must be 00.`, {
      code: 'invalid_charge_amount',
      param: 'amount',
    })
  }
  if (minor < minimum) {
    throw invalidParameter(`Amount must be at least ${display(minimum, currency)}`, {
      code: 'amount_too_small',
      param: 'amount',
    })
  }
  if (minor > LARGEST_MINOR) {
    throw invalidParameter(`Amount must be no more than ${display(LARGEST_MINOR, currency)}`, {
      code: 'amount_too_large',
      param: 'amount',
    })
  }
}

function minimumOf(currency: string): number {
  const minimum = Object.hasOwn(MINIMUM_MINOR, currency) ? MINIMUM_MINOR[currency] : undefined
  if (minimum === undefined) {
    const known = Object.keys(MINIMUM_MINOR).sort().join(', ')
    throw invalidParameter(
      `Invalid currency: ${currency}. Stripe currently supports these currencies: ${known}`,
      {
        param: 'currency',
      },
    )
  }
  return minimum
}

function display(minor: number, currency: string): string {
  if (ZERO_DECIMAL.has(currency)) return `${minor} ${currency}`
  const digits = THREE_DECIMAL.has(currency) ? 3 : 2
  return `${(minor / 10 ** digits).toFixed(digits)} ${currency}`
}
