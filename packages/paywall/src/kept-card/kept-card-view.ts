import { forgetCard, type SavedCard } from '@stripe402/client'
import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import type { Offer } from '../state/offer.js'
import type { OpenDialog, PaywallAction } from '../state/paywall-state.js'
import { cardName } from '../stripe/card-name.js'
import type { ViewContext } from '../views/view-context.js'

/** Offers of dialogs in which the person has had the kept card forgotten: the form says so. */
export const forgotten: WeakSet<Offer> = new WeakSet()

/** The kept card in the place of the form, and the two ways out of it. */
export function keptCardView(
  { offer }: OpenDialog,
  saved: SavedCard,
  isLocked: boolean,
  { dispatch }: ViewContext,
): TemplateResult {
  const expiry = `${String(saved.expMonth).padStart(2, '0')}/${String(saved.expYear).slice(-2)}`
  const useAnother: PaywallAction = { type: 'keep', change: { saved: undefined, card: 'loading' } }
  const forget = async (): Promise<void> => {
    if (await forgetCard(offer.origin, offer.currency).catch(() => false)) {
      forgotten.add(offer)
      dispatch(useAnother)
    } else dispatch({ type: 'keep', change: { problem: { kind: 'unavailable' } } })
  }
  return html`<div class="choices kept" part="kept-card">
    <h3>${cardName(saved)}</h3>
    <p class="hint">${say('expires', expiry)}</p>
    <div class="tiles">
      <button
        class="quiet"
        type="button"
        ?disabled=${isLocked}
        @click=${() => dispatch(useAnother)}
      >${say('use-another-card')}</button>
      <button class="forget" type="button" ?disabled=${isLocked} @click=${forget}>${say('forget-card')}</button>
    </div>
  </div>`
}
