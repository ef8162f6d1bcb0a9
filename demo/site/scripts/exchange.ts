import type { ClientEventMap } from '@stripe402/client'
import { formatUnits } from '@stripe402/core'

/** One HTTP exchange as the client reports it. */
export type Exchange = ClientEventMap['exchange']

/** One of the three headers. */
export interface WireHeader {
  name: 'payment' | 'payment-required' | 'payment-response'
  direction: 'sent' | 'received'
  value: unknown
}

/** The headers that an exchange carried, in the order in which they crossed the wire. */
export function headersOf({ payment, challenge, receipt }: Exchange): WireHeader[] {
  const headers: WireHeader[] = [
    { name: 'payment', direction: 'sent', value: payment },
    { name: 'payment-required', direction: 'received', value: challenge },
    { name: 'payment-response', direction: 'received', value: receipt },
  ]
  return headers.filter(({ value }) => value !== null)
}

/** What the card was charged in an exchange, in units: nothing where the receipt names no charge. */
export function chargedUnits({ receipt, payment }: Pick<Exchange, 'receipt' | 'payment'>): number {
  return receipt?.chargeId === undefined ? 0 : (payment?.topUpAmount ?? 0)
}

/** What the exchange came to, in words. */
export function outcomeOf({ status, challenge, receipt, payment }: Exchange): string {
  const [offer] = challenge?.accepts ?? []
  if (receipt) {
    const { currency = 'usd', charged: spent = 0, creditsRemaining } = receipt
    const money = (units: number): string => formatUnits(units, currency, 'en')
    const charged = chargedUnits({ receipt, payment })
    return [
      ...(charged > 0 ? [`${money(charged)} charged to the card`] : []),
      ...(spent > 0 || charged === 0 ? [`${money(spent)} spent`] : []),
      `${money(creditsRemaining)} left`,
    ].join(', ')
  }
  if (offer) {
    const price = formatUnits(offer.amount, offer.currency, 'en')
    return challenge?.error ? `asks ${price} again: ${challenge.error.replaceAll('_', ' ')}` : `asks ${price}`
  }
  if (payment) return status >= 400 ? 'failed, so nothing was charged' : 'no receipt'
  return 'no header: passed through untouched'
}

/** The path and query, without the origin when it is the page's own. */
export function addressOf({ url }: Exchange): string {
  const { origin, pathname, search, href } = new URL(url)
  return origin === location.origin ? decodeURI(pathname + search) : href
}
