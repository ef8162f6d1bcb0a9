import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { InlineState } from '../inline/inline-state.js'
import { say } from '../localization/say.js'
import { offerFrom } from '../state/offer.js'
import { lockIcon } from './icons.js'
import { sayIsolated } from './say-isolated.js'

/** The panel below the teaser. Its room is kept from the start, so that the page does not move when it fills. */
export function inlineView(
  state: InlineState,
  money: (units: number, currency: string) => string,
  onUnlock: () => void,
): TemplateResult | typeof nothing {
  switch (state.step) {
    case 'open':
      return nothing
    case 'loading':
      return html`<div class="lock loading" aria-busy="true"></div>`
    case 'failed':
      return html`<div class="lock" part="lock">
        <p role="alert">${say(state.isPaid ? 'paid-not-loaded' : 'content-failed')}</p>
        <button class="quiet" type="button" @click=${onUnlock}>${say('try-again')}</button>
      </div>`
    default:
      return lockedView(state, money, onUnlock)
  }
}

function lockedView(
  { challenge, origin, step }: Extract<InlineState, { step: 'locked' | 'unlocking' }>,
  money: (units: number, currency: string) => string,
  onUnlock: () => void,
): TemplateResult | typeof nothing {
  const currency = challenge.accepts[0]?.currency ?? ''
  const offer = offerFrom(challenge, { origin, currency })
  if (!offer) return nothing
  return html`<div class="lock" part="lock">
    <button
      class="pay"
      part="unlock"
      type="button"
      aria-busy=${step === 'unlocking' ? 'true' : 'false'}
      @click=${onUnlock}
    >${lockIcon}<span>${say('unlock', money(offer.price, currency))}</span></button>
    <p>${sayIsolated('unlock-hint', offer.payee)}</p>
  </div>`
}
