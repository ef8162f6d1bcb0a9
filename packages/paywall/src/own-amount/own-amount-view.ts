import { html, type TemplateResult } from 'lit/html.js'
import { say } from '../localization/say.js'
import type { Offer } from '../state/offer.js'
import type { OwnAmount } from '../state/paywall-state.js'
import type { ViewContext } from '../views/view-context.js'
import { amountStyle, readOwnAmount } from './read-own-amount.js'

/** The field as it is. */
export interface OwnAmountField {
  offer: Offer
  amount: OwnAmount
  isLocked: boolean
}

/** A field for an amount of one's own, and its range: an alert once the person is done with an amount outside. */
export function ownAmountView(
  { offer, amount, isLocked }: OwnAmountField,
  { money, dispatch }: ViewContext,
): TemplateResult {
  const { minTopUp, maxTopUp = Number.POSITIVE_INFINITY, currency } = offer
  const least = money(minTopUp, currency)
  const range =
    offer.maxTopUp === undefined
      ? say('amount-from', least)
      : say('amount-between', least, money(offer.maxTopUp, currency))
  const { text, units, isDone } = amount
  const isTooSmall = !units || units < minTopUp
  // An amount that is still too small may be one that is still being typed.
  const isHopeless = text.trim() !== '' && (units === null || units > maxTopUp)
  const isWrong = isHopeless || (isDone && isTooSmall)

  /** Typed, left, or in the way of a press on Pay: then the browser says that it is invalid. */
  function take(event: Event): void {
    const { target, type } = event
    if (!(target instanceof HTMLInputElement)) return
    const { value } = target
    const read = readOwnAmount(
      value,
      amountStyle((sample) => money(sample, currency)),
    )
    const isPayable = read && read >= minTopUp && read <= maxTopUp
    target.setCustomValidity(isPayable ? '' : range)
    if (type === 'invalid') {
      event.preventDefault()
      target.focus()
    }
    dispatch({ type: 'choose', amount: { kind: 'own', text: value, units: read, isDone: type !== 'input' } })
  }

  return html`<div class="own">
    <label for="own">${say('your-amount')} (<bdi>${signOf(least)}</bdi>)</label>
    <input
      id="own"
      inputmode="decimal"
      autocomplete="off"
      maxlength="16"
      required
      .value=${text}
      ?disabled=${isLocked}
      aria-invalid=${isWrong ? 'true' : 'false'}
      aria-describedby="own-range"
      @input=${take}
      @change=${take}
      @invalid=${take}
    />
    ${
      isWrong
        ? html`<small id="own-range" role="alert">${range}</small>`
        : html`<small id="own-range">${range}</small>`
    }
  </div>`
}

/** What tells the currency in an amount: “$”, “zł”, “US$”. */
function signOf(amount: string): string {
  return amount.replace(/[\p{N}\p{Z}\p{Cf}.,٫٬’]/gu, '')
}
