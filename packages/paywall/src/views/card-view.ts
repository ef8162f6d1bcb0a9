import { html, nothing, type TemplateResult } from 'lit/html.js'
import { keptCardPart } from '../kept-card/kept-card-part.js'
import { say } from '../localization/say.js'
import { needsNoCard, type ShownDialog } from '../state/paywall-state.js'
import { warningIcon } from './icons.js'
import type { ViewContext } from './view-context.js'

/**
 * The place of the card form. It has the form's height from the start, so that nothing moves when the form comes.
 *
 * @param isLocked whether the card may not be changed now
 */
export function cardView(
  dialog: ShownDialog,
  isLocked: boolean,
  context: ViewContext,
): TemplateResult | typeof nothing {
  if (needsNoCard(dialog)) return nothing
  const { card, saved, offer } = dialog
  // Stripe puts the focus into a field that is incomplete, and could not if it were out of reach.
  const isReadable = card === 'ready' && (!isLocked || (dialog.step === 'paying' && dialog.isRead))
  if (saved) return keptCardPart()?.keptCardView(dialog, saved, isLocked, context) ?? nothing
  return html`<div class="card ${card}" part="card" aria-busy=${card === 'loading'}>
    <div class="frame" ?inert=${!isReadable}><slot name="card"></slot></div>
    ${card === 'loading' ? html`<div class="skeleton" aria-hidden="true"><i></i><i></i><i></i><i></i></div>` : nothing}
    ${
      card === 'blocked'
        ? html`<div class="held-back" role="alert">
            ${warningIcon}
            <strong>${say('blocked-title')}</strong>
            <p>${say('blocked-body')}</p>
            <button class="quiet" type="button" @click=${context.reload}>${say('try-again')}</button>
          </div>`
        : nothing
    }
  </div>
  ${offer.canKeepCard ? html`<div class="consent">${keptCardPart()?.consentView(dialog, isLocked, context)}</div>` : nothing}`
}
