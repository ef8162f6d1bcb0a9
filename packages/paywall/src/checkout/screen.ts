import { formatUnits } from '@stripe402/core'
import { html, nothing, render } from 'lit/html.js'
import type { InlineState } from '../inline/inline-state.js'
import type { FollowedLanguage } from '../localization/follow-language.js'
import { spokenLocale } from '../localization/load-locale.js'
import { amountLocale, directionOf } from '../localization/locale.js'
import type { PaywallState } from '../state/paywall-state.js'
import { paywallStyles } from '../styles/paywall.js'
import { styleSheet } from '../styles/style-sheet.js'
import { barView } from '../views/bar-view.js'
import { dialogView } from '../views/dialog-view.js'
import { inlineView } from '../views/inline-view.js'
import type { ViewContext } from '../views/view-context.js'

/** Where a screen draws, and where presses go. */
export interface ScreenOptions
  extends Pick<ViewContext, 'dispatch' | 'dismiss' | 'relook' | 'reload' | 'recheck' | 'again'> {
  root: ShadowRoot
  /** The element's own children, in the shadow root. */
  page: HTMLElement
  language: Pick<FollowedLanguage, 'tag'>
  isInPlace: () => boolean
  /** The person wants the resource of an inline paywall. */
  unlock: () => void
}

/** What there is to show at one moment. */
export interface Scene {
  state: PaywallState
  inline: InlineState | undefined
  /** Whether an overlay covers the page, this element's own children too. */
  isCovering: boolean
}

/** Makes what draws one element: its own children, the panel of an inline paywall, the bar, the dialog. */
export function createScreen(options: ScreenOptions): (scene: Scene) => void {
  const { root, page, language, isInPlace, unlock, ...actions } = options
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet(paywallStyles)]

  function money(units: number, currency: string): string {
    return formatUnits(units, currency, amountLocale(language.tag, spokenLocale()))
  }

  function stateView(state: PaywallState): unknown {
    if (state.step === 'closed') return nothing
    const locale = spokenLocale()
    const context: ViewContext = {
      ...actions,
      money,
      count: (count) => count.toLocaleString(amountLocale(language.tag, locale)),
      direction: directionOf(locale),
      language: locale,
      isInPlace: isInPlace(),
    }
    return state.step === 'noticed' ? barView(state, context) : dialogView(state, context)
  }

  return ({ state, inline, isCovering }) => {
    const isLocked = inline !== undefined && inline.step !== 'open'
    page.classList.toggle('awake', inline !== undefined)
    page.classList.toggle('teaser', isLocked && !isInPlace())
    page.inert = isCovering
    // In place, the form stands where the panel would.
    const hasPanel = inline && !(isInPlace() && state.step !== 'closed')
    render(html`${hasPanel ? inlineView(inline, money, unlock) : nothing}${stateView(state)}`, root)
  }
}
