import { requireCode } from './currency.js'

// Servers alone need the table: their challenges say what the least is. Apart, so that no page loads it.
// https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts , in hundredths of the major unit.
const MINIMUM_HUNDREDTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({
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
    jpy: 5000,
    krw: 5000,
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
  }),
)

/** Stripe's smallest charge in units, or 0 where Stripe documents none. */
export function minimumChargeUnits(currency: string): number {
  return (MINIMUM_HUNDREDTHS.get(requireCode(currency)) ?? 0) * 100
}
