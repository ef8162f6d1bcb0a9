import { html, nothing, type TemplateResult } from 'lit'
import { say } from '../localization/say.js'
import type { PaywallState } from '../state/paywall-state.js'
import { checkIcon, questionIcon, warningIcon } from './icons.js'
import { problemText } from './problem-text.js'
import type { ViewContext } from './view-context.js'

/** What covers the form once it has nothing more to ask: paid, not known yet, or over. */
export function outcomeView(
  state: PaywallState,
  { money, dismiss }: ViewContext,
): TemplateResult | typeof nothing {
  switch (state.step) {
    case 'paid':
      return panel('paid', checkIcon, say('paid'), [
        html`<p>
          ${
            state.left === undefined
              ? say('loading-content')
              : say('new-balance', money(state.left, state.offer.currency))
          }
        </p>`,
      ])
    case 'unknown':
      return panel('unknown', questionIcon, say('unknown-title'), [
        html`<p role="alert">${say('unknown-body')}</p>`,
        html`<p class="checking"><span class="spinner" aria-hidden="true"></span>${say('checking')}</p>`,
        html`<button class="quiet" type="button" @click=${dismiss}>${say('close')}</button>`,
      ])
    case 'failed':
      return panel('failed', warningIcon, say('failed-title'), [
        html`<p role="alert">${problemText(state.problem)}</p>`,
        html`<button class="quiet" type="button" @click=${dismiss}>${say('close')}</button>`,
      ])
    default:
      return nothing
  }
}

function panel(
  kind: string,
  icon: TemplateResult,
  title: string,
  content: readonly TemplateResult[],
): TemplateResult {
  return html`<div class="outcome ${kind}" part="outcome">
    <span class="badge">${icon}</span>
    <strong>${title}</strong>
    ${content}
  </div>`
}
