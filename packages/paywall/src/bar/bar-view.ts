import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import type { PaywallState } from '../state/paywall-state.js'
import { lockIcon } from '../views/icons.js'
import { sayIsolated } from '../views/say-isolated.js'
import type { ViewContext } from '../views/view-context.js'

/** Asks for money that nobody clicked for: at the edge of the page, which goes on. */
export function barView(
  { offer }: Extract<PaywallState, { step: 'noticed' }>,
  { money, dispatch, dismiss, direction, language }: ViewContext,
): TemplateResult {
  const price = money(offer.price, offer.currency)
  return html`<section class="bar" part="bar" role="region" aria-labelledby="bar-title" lang=${language} dir=${direction}>
    <span class="badge">${lockIcon}</span>
    <div class="bar-text" role="status">
      <strong id="bar-title">${sayIsolated('bar-title', offer.payee, price)}</strong>
      <p class="cut"><bdi>${offer.description ?? offer.host}</bdi></p>
    </div>
    <div class="bar-buttons">
      <button class="quiet" type="button" @click=${dismiss}>${say('not-now')}</button>
      <button class="pay" part="bar-pay" type="button" @click=${() => dispatch({ type: 'open' })}>
        ${say('unlock', price)}
      </button>
    </div>
  </section>`
}
