import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { chosenUnits, isUncharged, type PaywallState } from '../state/paywall-state.js'
import { cardName } from '../stripe/card-name.js'
import { checkIcon, questionIcon, warningIcon } from './icons.js'
import { problemText } from './problem-text.js'
import { sellerLink } from './seller-link.js'
import type { ViewContext } from './view-context.js'

/** What covers the form once it has nothing more to ask: paid, not known yet, or over. */
export function outcomeView(state: PaywallState, context: ViewContext): TemplateResult | typeof nothing {
  switch (state.step) {
    case 'paid':
      return panel(
        'paid',
        checkIcon,
        say('paid'),
        paidSentences(state, context).map((text) => html`<p>${text}</p>`),
      )
    case 'unknown':
      return panel('unknown', questionIcon, say('unknown-title'), unknownView(state, context))
    case 'failed':
      return panel(
        'failed',
        warningIcon,
        say(state.problem.kind === 'maybe-spent' ? 'unknown-title' : 'failed-title'),
        [
          html`<p role="alert">${problemText(state.problem)}</p>`,
          context.isInPlace ? button('try-again', context.again) : button('close', context.dismiss),
          sellerLink(state.offer.supportUrl, 'support'),
        ],
      )
    default:
      return nothing
  }
}

/** What a person should read of a payment that went through. */
export function paidSentences(
  state: Extract<PaywallState, { step: 'paid' }>,
  { money }: ViewContext,
): string[] {
  const { left, offer, isCharged, chargedCard } = state
  const next = left === undefined ? say('loading-content') : say('new-balance', money(left, offer.currency))
  // A card whose owner had credit already is not charged: whoever typed it in must be told.
  if (isUncharged(state)) return [say('paid-from-balance'), next]
  if (!isCharged) return [next]
  const amount = money(chosenUnits(state) ?? 0, offer.currency)
  return [chargedCard ? say('charged', amount, cardName(chargedCard)) : amount, next]
}

function unknownView(
  { isChecking }: Extract<PaywallState, { step: 'unknown' }>,
  { dismiss, recheck }: ViewContext,
): TemplateResult[] {
  return [
    html`<p role="alert">${say(isChecking ? 'unknown-body' : 'still-unknown')}</p>`,
    isChecking
      ? html`<p class="checking"><span class="spinner" aria-hidden="true"></span>${say('checking')}</p>`
      : button('check-again', recheck, 'pay'),
    button('close', dismiss),
  ]
}

function button(
  label: 'close' | 'try-again' | 'check-again',
  onClick: () => void,
  kind = 'quiet',
): TemplateResult {
  return html`<button class=${kind} type="button" @click=${onClick}>${say(label)}</button>`
}

function panel(
  kind: string,
  icon: TemplateResult,
  title: string,
  content: readonly (TemplateResult | typeof nothing)[],
): TemplateResult {
  return html`<div class="outcome ${kind}" part="outcome">
    <span class="badge">${icon}</span>
    <strong>${title}</strong>
    ${content}
  </div>`
}
