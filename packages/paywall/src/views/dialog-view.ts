import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { wrapFocus } from '../overlay/focus.js'
import {
  canClose,
  canPay,
  chosenUnits,
  isModal,
  needsNoCard,
  type PaywallState,
} from '../state/paywall-state.js'
import { cardView } from './card-view.js'
import { choicesView } from './choices-view.js'
import { closeIcon, lockIcon, warningIcon } from './icons.js'
import { outcomeView } from './outcome-view.js'
import { problemText } from './problem-text.js'
import { summaryView } from './summary-view.js'
import type { ViewContext } from './view-context.js'

type OpenState = Exclude<PaywallState, { step: 'closed' | 'noticed' }>

/**
 * The whole overlay, or the same in the place of the element. The same elements stay in place from the first to the
 * last state: nothing jumps.
 */
export function dialogView(state: OpenState, context: ViewContext): TemplateResult {
  const { offer } = state
  const { isInPlace } = context
  const title = say(offer.purpose === 'top-up' ? 'top-up-at' : 'pay-to', offer.payee)
  return html`<div class="overlay ${state.step} ${isInPlace ? 'in-place' : ''}" part="overlay" @animationend=${(
    event: AnimationEvent,
  ) => {
    if (event.animationName === 'leave') context.dispatch({ type: 'close' })
  }}>
    ${guard(state, context, 'last')}
    <section
      class="dialog"
      part="dialog"
      role=${isInPlace ? 'region' : 'dialog'}
      aria-modal=${!isInPlace && isModal(state) ? 'true' : nothing}
      aria-labelledby="title"
      tabindex="-1"
      lang=${context.language}
      dir=${context.direction}
    >
      <div class="head">
        <span class="monogram" aria-hidden="true">${initial(offer.payee)}</span>
        <div class="payee">
          <h2 id="title" part="title">${title}</h2>
          <p class="host" dir="ltr">${offer.host}</p>
        </div>
        ${
          isInPlace
            ? nothing
            : html`<button
                class="close"
                type="button"
                aria-label=${say('close')}
                ?disabled=${!canClose(state)}
                @click=${context.dismiss}
              >${closeIcon}</button>`
        }
      </div>
      <i class="palette" @transitionend=${context.relook}></i>
      <div class="content">
        <slot name="hint"></slot>
        ${formView(state, context)}
        ${outcomeView(state, context)}
      </div>
    </section>
    ${guard(state, context, 'first')}
  </div>`
}

function formView(state: OpenState, context: ViewContext): TemplateResult {
  const isLocked = state.step !== 'choosing'
  const isCovered = isLocked && state.step !== 'paying' && state.step !== 'authenticating'
  return html`<form
    class="form"
    novalidate
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
        <p class="status ${state.step}" role="status">${statusText(state)}</p>
        <div class="buttons">
          ${
            context.isInPlace
              ? nothing
              : html`<button class="quiet" type="button" ?disabled=${isLocked} @click=${context.dismiss}>
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
function payButton(state: OpenState, { money }: ViewContext): TemplateResult {
  const units = needsNoCard(state) ? state.offer.price : chosenUnits(state)
  const isBusy = state.step === 'paying' || state.step === 'authenticating'
  const label = units === null ? say('pay-nothing') : say('pay', money(units, state.offer.currency))
  return html`<button
    class="pay"
    part="pay"
    type="submit"
    aria-disabled=${canPay(state) ? 'false' : 'true'}
    aria-busy=${isBusy ? 'true' : 'false'}
  >${isBusy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}<span>${label}</span></button>`
}

function statusText(state: OpenState): string {
  if (state.step === 'paying') return say('paying')
  if (state.step === 'authenticating') return say('authenticating')
  const isLoading = state.step === 'choosing' && state.card === 'loading' && !needsNoCard(state)
  return isLoading ? say('card-loading') : ''
}

function problemView(state: OpenState): TemplateResult | typeof nothing {
  if (state.step !== 'choosing') return nothing
  const text = state.isOffline ? say('offline-now') : state.problem && problemText(state.problem)
  if (!text) return nothing
  return html`<p class="problem" part="problem" role="alert">${warningIcon}<span>${text}</span></p>`
}

function smallPrintView({ offer }: OpenState): TemplateResult {
  const link = (url: string | undefined, label: string): TemplateResult | typeof nothing =>
    url === undefined ? nothing : html` <a href=${url} target="_blank" rel="noopener noreferrer">${label}</a>`
  return html`<p class="small-print">
    ${lockIcon}<span>${say('handled-by-stripe')}${link(offer.termsUrl, say('terms'))}${link(offer.supportUrl, say('support'))}</span>
  </p>`
}

/** Off while the bank has the word: the way to its frame must not be closed. */
function guard(
  state: OpenState,
  { isInPlace }: ViewContext,
  to: 'first' | 'last',
): TemplateResult | typeof nothing {
  if (isInPlace || state.step === 'authenticating' || state.step === 'paid') return nothing
  return html`<span
    class="guard"
    tabindex="0"
    @focus=${({ target }: FocusEvent) => {
      const dialog = target instanceof Element ? target.parentElement : null
      if (dialog) wrapFocus(dialog, to)
    }}
  ></span>`
}

function initial(name: string): string {
  return (Array.from(name)[0] ?? '').toUpperCase()
}
