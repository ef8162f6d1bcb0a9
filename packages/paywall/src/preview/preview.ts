import { formatUnits, type PaymentRequired } from '@stripe402/core'
import { html, render } from 'lit/html.js'
import { bar as barStyles } from '../bar/bar-styles.js'
import { barView } from '../bar/bar-view.js'
import { noticeView } from '../bar/notice-view.js'
import { ELSEWHERE, type Notice, STILL_UNKNOWN } from '../bar/notices.js'
import type { InlineState } from '../inline/inline-state.js'
import { loadKeptCardPart } from '../kept-card/kept-card-part.js'
import { forgotten } from '../kept-card/kept-card-view.js'
import { loadLanguage } from '../localization/load-locale.js'
import { amountLocale, directionOf, languageOf } from '../localization/locale.js'
import { speak } from '../localization/say.js'
import { loadOwnAmountPart } from '../own-amount/own-amount-part.js'
import { offerFrom } from '../state/offer.js'
import { type PaywallAction, type PaywallState, reduce } from '../state/paywall-state.js'
import { css } from '../styles/css.js'
import { host } from '../styles/host.js'
import { inline as inlineStyles } from '../styles/inline.js'
import { paywallStyles } from '../styles/paywall.js'
import { styleSheet } from '../styles/style-sheet.js'
import { dialogView } from '../views/dialog-view.js'
import { inlineView } from '../views/inline-view.js'
import type { ViewContext } from '../views/view-context.js'

/** What leads to a state: a challenge as it came over the wire, and what happened then. */
export interface Recording {
  challenge: PaymentRequired
  origin: string
  /** Credit as the client last heard, in units. */
  balance?: number
  /** The balance covers the price, and the person is asked because it is high. */
  isConfirmation?: boolean
  /** What happened after the dialog was asked to open. */
  actions?: readonly PaywallAction[]
  /** Nobody clicked. */
  isQuiet?: boolean
  /** A part of the page instead of an overlay. */
  isInPlace?: boolean
  /** The person is paying in another tab. */
  isElsewhere?: boolean
  /** A top-up could not be asked for, or nobody knows what came of it: the bar that says so. */
  topUpFailure?: 'offline' | 'unavailable' | 'unknown'
  /** The person has had the kept card forgotten. */
  isForgotten?: boolean
  /** Shows the panel of an inline paywall instead of a dialog. */
  inline?: InlineState['step']
  /** With `inline: 'failed'`: it was paid. */
  isPaid?: boolean
}

/** Everything stands still, and an overlay covers the place that it is shown in instead of the window. */
const still = css`
  .overlay,
  .bar {
    position: absolute;
    z-index: auto;
  }
  .overlay.in-place {
    position: static;
  }
  * {
    animation: none !important;
    transition: none !important;
  }
`

/**
 * Shows a recorded state in an element of the page, for a gallery, a theme or a test: nothing is asked, loaded or paid,
 * and what is pressed does nothing. The element's children are what an element of ours would have: `slot="card"` stands
 * for Stripe's form. It speaks the language of the place.
 *
 * @throws Error for a challenge that offers nothing
 */
export async function showPreview(place: HTMLElement, recording: Recording): Promise<void> {
  const tag = languageOf(place)
  const language = await loadLanguage(tag)
  const parts = [await loadKeptCardPart(), await loadOwnAmountPart()]
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [host, paywallStyles, barStyles, inlineStyles, still].map(styleSheet)
  for (const part of parts) part?.adoptStyles(root)
  const context = idleContext(tag, language.locale, recording.isInPlace ?? false)
  speak(language)
  const { challenge, origin, inline, topUpFailure, isElsewhere, isPaid = false } = recording
  if (inline === 'locked' || inline === 'unlocking')
    return draw(
      root,
      inlineView({ step: inline, challenge, origin }, context.money, () => {}),
    )
  if (inline)
    return draw(
      root,
      inlineView({ step: inline, isPaid }, context.money, () => {}),
    )
  const notice = isElsewhere ? ELSEWHERE : topUpFailure && topUpNotice(topUpFailure)
  if (notice) return draw(root, noticeView(notice, context, context.dismiss))
  const state = replay(recording)
  if (state.step === 'closed') return draw(root, undefined)
  draw(root, state.step === 'noticed' ? barView(state, context) : dialogView(state, context))
}

function topUpNotice(failure: 'offline' | 'unavailable' | 'unknown'): Notice {
  return failure === 'unknown' ? STILL_UNKNOWN : { title: 'failed-title', text: failure, role: 'alert' }
}

function draw(root: ShadowRoot, view: unknown): void {
  render(html`<slot></slot>${view}`, root)
}

/** The state that a recording leads to, by the same steps as a person's. */
function replay({
  challenge,
  origin,
  balance,
  isConfirmation,
  actions = [],
  isQuiet,
  isForgotten,
}: Recording): PaywallState {
  const currency = challenge.accepts[0]?.currency ?? ''
  const offer = offerFrom(challenge, {
    origin,
    currency,
    balance,
    reason: isConfirmation ? 'confirm' : 'payment',
  })
  if (!offer) throw new Error('The recorded challenge offers no way to pay.')
  if (isForgotten) forgotten.add(offer)
  const ask: PaywallAction = { type: 'ask', offer, problem: undefined, isQuiet: isQuiet ?? false }
  return [ask, ...actions].reduce<PaywallState>(reduce, { step: 'closed' })
}

function idleContext(tag: string, language: string, isInPlace: boolean): ViewContext {
  const locale = amountLocale(tag, language)
  const idle = (): void => {}
  return {
    money: (units, currency) => formatUnits(units, currency, locale),
    count: (count) => count.toLocaleString(locale),
    direction: directionOf(language),
    language,
    isInPlace,
    dispatch: idle,
    dismiss: idle,
    relook: idle,
    reload: idle,
    recheck: idle,
    again: idle,
  }
}
