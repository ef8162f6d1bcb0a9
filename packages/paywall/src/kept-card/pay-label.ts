import { html, type TemplateResult } from 'lit/html.js'
import { cardName, type NamedCard } from '../stripe/card-name.js'

/** What the button says that charges a kept card: “Visa ending 4242 · Pay $5.00”; heard only where there is no room. */
export function payLabel(card: NamedCard, pay: string): TemplateResult {
  return html`<span class="which">${cardName(card)} · </span><span class="sum">${pay}</span>`
}
