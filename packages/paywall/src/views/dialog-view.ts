import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { wrapFocus } from '../overlay/focus.js'
import { canClose, isModal, isUncharged, type ShownDialog } from '../state/paywall-state.js'
import { formView, statusText } from './form-view.js'
import { closeIcon } from './icons.js'
import { outcomeView, paidSentences } from './outcome-view.js'
import { sayIsolated } from './say-isolated.js'
import type { ViewContext } from './view-context.js'

/**
 * The whole overlay, or the same in the place of the element. The same elements stay in place from the first to the
 * last state: nothing jumps.
 */
export function dialogView(state: ShownDialog, context: ViewContext): TemplateResult {
  const { offer } = state
  const { isInPlace } = context
  const title = sayIsolated(offer.purpose === 'top-up' ? 'top-up-at' : 'pay-to', offer.payee)
  return html`<div class="overlay ${state.step} ${isInPlace ? 'in-place' : ''} ${isUncharged(state) ? 'uncharged' : ''}" part="overlay">
    ${guard(state, context, 'last')}
    <section
      class="dialog"
      part="dialog"
      role=${isInPlace ? 'region' : 'dialog'}
      aria-modal=${(!isInPlace && isModal(state)) || nothing}
      aria-labelledby="title"
      tabindex="-1"
      lang=${context.language}
      dir=${context.direction}
    >
      <div class="head">
        <span class="monogram" aria-hidden="true">${initial(offer.payee)}</span>
        <div class="payee">
          <h2 id="title" part="title">${title}</h2>
          <p class="host"><bdi dir="ltr">${offer.host}</bdi></p>
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
        <p class="said" role="status">${spoken(state, context)}</p>
        <div><slot name="hint"></slot></div>
        ${formView(state, context)}
        ${outcomeView(state, context)}
      </div>
    </section>
    ${guard(state, context, 'first')}
  </div>`
}

/** Off while the bank has the word: the way to its frame must not be closed. */
function guard(
  state: ShownDialog,
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

/** One live region from the first to the last state: a reader may miss one that comes with its words. */
function spoken(state: ShownDialog, context: ViewContext): string {
  if (state.step !== 'paid') return statusText(state)
  return `${say('paid')}. ${paidSentences(state, context).join(' ')}`
}

function initial(name: string): string {
  const [first = ''] = name.match(/[\p{L}\p{N}]/u) ?? Array.from(name)
  return first.toUpperCase()
}
