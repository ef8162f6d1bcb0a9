import { html, nothing, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import { type Offer, requestsFor } from '../state/offer.js'
import { readOwnAmount } from '../state/own-amount.js'
import type { Amount, OpenDialog } from '../state/paywall-state.js'
import type { ViewContext } from './view-context.js'

/** How much credit to buy: the seller's amounts and, where it may vary, one's own. */
export function choicesView(dialog: OpenDialog, isLocked: boolean, context: ViewContext): TemplateResult {
  const { offer, amount } = dialog
  const { money, dispatch } = context
  const choose = (next: Amount): void => dispatch({ type: 'choose', amount: next })
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
              hint: say('your-amount'),
              isChecked: amount.kind === 'own',
              isLocked,
              onChoose: () => choose({ kind: 'own', text: '' }),
            })
          : nothing
      }
    </div>
    ${amount.kind === 'own' ? ownAmountView(dialog, amount.text, isLocked, context) : nothing}
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
  return html`<label class="tile" part="choice">
    <input
      type="radio"
      name="amount"
      .checked=${isChecked}
      ?disabled=${isLocked}
      aria-labelledby=${id}
      aria-describedby="${id}-hint"
      @change=${onChoose}
    />
    <span class="amount" id=${id}>${label}</span>
    <small id="${id}-hint">${hint}</small>
  </label>`
}

function ownAmountView(
  dialog: OpenDialog,
  value: string,
  isLocked: boolean,
  { money, dispatch }: ViewContext,
): TemplateResult {
  const { minTopUp, maxTopUp, currency } = dialog.offer
  const least = money(minTopUp, currency)
  const range =
    maxTopUp === undefined
      ? say('amount-from', least)
      : say('amount-between', least, money(maxTopUp, currency))
  // An amount that is still too small may be one that is still being typed.
  const units = readOwnAmount(value, currency)
  const isWrong = value.trim() !== '' && (units === null || units > (maxTopUp ?? units))
  return html`<div class="own">
    <label for="own">${say('your-amount')}</label>
    <input
      id="own"
      inputmode="decimal"
      autocomplete="off"
      maxlength="16"
      .value=${value}
      ?disabled=${isLocked}
      aria-invalid=${isWrong ? 'true' : 'false'}
      aria-describedby="own-range"
      @input=${(event: InputEvent) => {
        if (event.target instanceof HTMLInputElement)
          dispatch({ type: 'choose', amount: { kind: 'own', text: event.target.value } })
      }}
    />
    <small id="own-range">${range}</small>
  </div>`
}

function requestsHint(units: number, offer: Offer, { count }: ViewContext): string {
  const requests = requestsFor(units, offer)
  if (requests < 1) return ''
  return requests === 1 ? say('one-request') : say('about-requests', count(requests))
}
