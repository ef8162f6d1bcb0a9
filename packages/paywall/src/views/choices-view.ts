import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { loadOwnAmountPart, ownAmountPart } from '../own-amount/own-amount-part.js'
import { type Offer, requestsFor } from '../state/offer.js'
import type { Amount, OpenDialog } from '../state/paywall-state.js'
import type { ViewContext } from './view-context.js'

/** How much credit to buy: the seller's amounts and, where it may vary, one's own. */
export function choicesView(dialog: OpenDialog, isLocked: boolean, context: ViewContext): TemplateResult {
  const { offer, amount } = dialog
  const { money, dispatch } = context
  const choose = (next: Amount): void => dispatch({ type: 'choose', amount: next })
  const chooseOwn = async (): Promise<void> => {
    if (await loadOwnAmountPart()) choose({ kind: 'own', text: '', units: null })
    else dispatch({ type: 'keep', change: { problem: { kind: 'offline' } } })
  }
  const canBeOwn = offer.maxTopUp === undefined || offer.maxTopUp > offer.minTopUp
  return html`<div class="choices" part="choices" role="radiogroup" aria-labelledby="choices-title">
    <h3 id="choices-title">${say('top-up-amount')}</h3>
    ${offer.purpose === 'request' ? html`<p class="hint">${say('why-credit')}</p>` : nothing}
    <div class="tiles">
      ${offer.choices.map((units, index) =>
        tile({
          id: `choice-${index}`,
          label: money(units, offer.currency),
          hint: requestsHint(units, offer, context),
          isChecked: amount.kind === 'choice' && amount.units === units,
          isLocked,
          onChoose: () => choose({ kind: 'choice', units }),
        }),
      )}
      ${
        canBeOwn
          ? tile({
              id: 'choice-own',
              label: say('other-amount'),
              hint: '',
              isChecked: amount.kind === 'own',
              isLocked,
              onChoose: chooseOwn,
            })
          : nothing
      }
    </div>
    ${amount.kind === 'own' ? ownAmountPart()?.ownAmountView({ offer, amount, isLocked }, context) : nothing}
  </div>`
}

interface Tile {
  id: string
  label: string
  hint: string
  isChecked: boolean
  isLocked: boolean
  onChoose: () => void
}

function tile({ id, label, hint, isChecked, isLocked, onChoose }: Tile): TemplateResult {
  // An object is set at each drawing, whatever was before: the browser may have ticked what could not be chosen.
  return html`<label class="tile" part="choice">
    <input
      type="radio"
      name="amount"
      .checked=${isChecked && {}}
      ?disabled=${isLocked}
      aria-labelledby=${id}
      aria-describedby="${id}-hint"
      @change=${onChoose}
    />
    <span class="amount" id=${id}>${label}</span>
    <small id="${id}-hint">${hint}</small>
  </label>`
}

function requestsHint(units: number, offer: Offer, { count }: ViewContext): string {
  const requests = requestsFor(units, offer)
  if (requests < 1) return ''
  return requests === 1 ? say('one-request') : say('about-requests', count(requests))
}
