import { html, nothing, type TemplateResult } from 'lit/html.js'
import { keptCardPart } from '../kept-card/kept-card-part.js'
import { say } from '../localization/say.js'
import {
  canClose,
  canPay,
  chosenUnits,
  isBusy,
  needsNoCard,
  type ShownDialog,
} from '../state/paywall-state.js'
import { cardView } from './card-view.js'
import { choicesView } from './choices-view.js'
import { lockIcon, warningIcon } from './icons.js'
import { problemText } from './problem-text.js'
import { sellerLink } from './seller-link.js'
import { summaryView } from './summary-view.js'
import type { ViewContext } from './view-context.js'

/** What the person reads, chooses and fills in, down to the button that pays. */
export function formView(state: ShownDialog, context: ViewContext): TemplateResult {
  const isLocked = state.step !== 'choosing'
  const isCovered = isLocked && !isBusy(state)
  return html`<form
    class="form"
    ?inert=${isCovered}
    @submit=${(event: SubmitEvent) => {
      event.preventDefault()
      context.dispatch({ type: 'pay' })
    }}
  >
    <div class="offer">
      ${summaryView(state, context)}
      ${needsNoCard(state) ? nothing : choicesView(state, isLocked, context)}
    </div>
    <div class="payment">
      ${cardView(state, isLocked, context)}
      <div class="foot">
        ${problemView(state)}
        ${state.step === 'authenticating' ? html`<p class="hint">${statusText(state)}</p>` : nothing}
        <div class="buttons">
          ${
            context.isInPlace
              ? nothing
              : html`<button class="quiet" type="button" ?disabled=${!canClose(state)} @click=${context.dismiss}>
                  ${say('cancel')}
                </button>`
          }
          ${payButton(state, context)}
        </div>
      </div>
      ${needsNoCard(state) ? nothing : smallPrintView(state)}
    </div>
  </form>`
}

/** Stays focusable while it cannot be pressed, so that the focus is not lost in the middle of a payment. */
function payButton(state: ShownDialog, { money }: ViewContext): TemplateResult {
  const units = needsNoCard(state) ? state.offer.price : chosenUnits(state)
  const pay = units === null ? say('pay-nothing') : say('pay', money(units, state.offer.currency))
  const label = (state.saved && keptCardPart()?.payLabel(state.saved, pay)) ?? pay
  return html`<button
    class="pay"
    part="pay"
    type="submit"
    aria-disabled=${!canPay(state)}
    aria-busy=${isBusy(state)}
  >${isBusy(state) ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}<span>${label}</span></button>`
}

/** What goes on, while there is no more to it than waiting. */
export function statusText(state: ShownDialog): string {
  if (state.step === 'paying') return say('paying')
  if (state.step === 'authenticating')
    return `${say(state.isFree ? 'bank-asks-holder' : 'authenticating')} ${state.isLate ? say('bank-late') : ''}`
  const isLoading = state.step === 'choosing' && state.card === 'loading' && !needsNoCard(state)
  return isLoading ? say('card-loading') : ''
}

function problemView(state: ShownDialog): TemplateResult | typeof nothing {
  if (state.step !== 'choosing') return nothing
  const text = state.isOffline ? say('offline-now') : state.problem && problemText(state.problem)
  if (!text) return nothing
  return html`<p class="problem" part="problem" role="alert">${warningIcon}<span>${text}</span></p>`
}

function smallPrintView({ offer }: ShownDialog): TemplateResult {
  const { termsUrl, supportUrl } = offer
  return html`<p class="small-print">
    ${lockIcon}<span>${say('handled-by-stripe')} <span>${sellerLink(termsUrl, 'terms')}${termsUrl && supportUrl && ' · '}${sellerLink(supportUrl, 'support')}</span></span>
  </p>`
}
