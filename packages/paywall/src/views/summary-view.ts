import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { leftAfter } from '../state/offer.js'
import { chosenUnits, type OpenDialog } from '../state/paywall-state.js'
import type { ViewContext } from './view-context.js'

/** What is paid for, its price, the balance, and what is left after. */
export function summaryView(dialog: OpenDialog, { money }: ViewContext): TemplateResult {
  const { offer } = dialog
  const units = chosenUnits(dialog)
  // Below nothing where nobody knows what there is.
  const left = units === null ? -1 : leftAfter(units, offer)
  const isRequest = offer.purpose !== 'top-up'
  const price = money(offer.price, offer.currency)
  const isShort = isRequest && offer.balance !== undefined && offer.balance > 0 && offer.balance < offer.price
  return html`<dl class="summary" part="summary">
    ${isRequest ? row(offer.description ?? offer.host, html`<bdi>${price}</bdi> <small>${say('per-request')}</small>`, 'what') : nothing}
    ${offer.balance === undefined ? nothing : row(say(isShort ? 'low-balance' : 'your-balance'), money(offer.balance, offer.currency), isShort ? 'short' : '')}
    ${row(
      say(isRequest ? 'left-after' : 'balance-after'),
      left < 0 ? '–' : money(left, offer.currency),
      'left',
    )}
  </dl>`
}

function row(label: string, value: unknown, kind = ''): TemplateResult {
  return html`<div class="row ${kind}"><dt><bdi>${label}</bdi></dt><dd>${value}</dd></div>`
}
