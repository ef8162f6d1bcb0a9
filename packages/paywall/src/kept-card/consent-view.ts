import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import type { OpenDialog } from '../state/paywall-state.js'
import type { ViewContext } from '../views/view-context.js'
import { forgotten } from './kept-card-view.js'

/** Whether the card shall be kept: off until the person says so. */
export function consentView(
  { keepsCard, offer }: OpenDialog,
  isLocked: boolean,
  { dispatch }: ViewContext,
): TemplateResult | typeof nothing {
  // Without a key nobody could charge it again, nor have it forgotten.
  if (!globalThis.crypto?.subtle) return nothing
  return html`${forgotten.has(offer) ? html`<p class="hint" role="status">${say('card-forgotten')}</p>` : nothing}
  <label part="consent">
    <input
      type="checkbox"
      .checked=${keepsCard}
      ?disabled=${isLocked}
      @change=${({ target }: Event) => {
        if (target instanceof HTMLInputElement)
          dispatch({ type: 'keep', change: { keepsCard: target.checked } })
      }}
    />
    <span>${say('keep-card')}</span>
  </label>`
}
