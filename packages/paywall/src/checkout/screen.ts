import { html, nothing, render } from 'lit/html.js'
import { barPart } from '../bar/bar-part.js'
import type { Notice } from '../bar/notices.js'
import type { InlinePanel } from '../inline/inline-panel.js'
import { keptCardPart } from '../kept-card/kept-card-part.js'
import type { FollowedLanguage } from '../localization/follow-language.js'
import { amountLocale, directionOf } from '../localization/locale.js'
import { ownAmountPart } from '../own-amount/own-amount-part.js'
import { isShown, type PaywallState } from '../state/paywall-state.js'
import { paywallStyles } from '../styles/paywall.js'
import { styleSheet } from '../styles/style-sheet.js'
import { dialogView } from '../views/dialog-view.js'
import type { ViewContext } from '../views/view-context.js'

/** Where a screen draws, and where presses go. */
export interface ScreenOptions
  extends Pick<ViewContext, 'money' | 'dispatch' | 'dismiss' | 'relook' | 'reload' | 'recheck' | 'again'> {
  root: ShadowRoot
  language: FollowedLanguage
  isInPlace: () => boolean
  /** The person has read the notice. */
  hideNotice: () => void
}

/** What there is to show at one moment. */
export interface Scene {
  state: PaywallState
  panel: InlinePanel | undefined
  /** What is told while no dialog is open, unless the person has put that away. */
  notice: Notice | undefined
  /** Whether an overlay covers the page, this element's own children too. */
  isCovering: boolean
}

/** Makes what draws one element: its own children, the panel of an inline paywall, the bar, the dialog. */
export function createScreen(options: ScreenOptions): (scene: Scene) => void {
  const { root, language, isInPlace, hideNotice, ...actions } = options
  /** The element's own children. */
  const page = root.querySelector<HTMLElement>('slot:not([name])')
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet(paywallStyles)]

  function stateView({ state, notice }: Scene): unknown {
    const { locale } = language
    const context: ViewContext = {
      ...actions,
      count: (count) => count.toLocaleString(amountLocale(language.tag, locale)),
      direction: directionOf(locale),
      language: locale,
      isInPlace: isInPlace(),
    }
    if (isShown(state)) return dialogView(state, context)
    if (state.step === 'noticed') return barPart()?.barView(state, context)
    return notice && barPart()?.noticeView(notice, context, hideNotice)
  }

  return (scene) => {
    const { state, panel, isCovering } = scene
    const inline = panel?.step
    language.speak()
    for (const part of [keptCardPart(), ownAmountPart(), barPart()]) part?.adoptStyles(root)
    if (page) {
      page.classList.toggle('awake', inline !== undefined)
      page.classList.toggle('teaser', inline !== undefined && inline !== 'open' && !isInPlace())
      page.inert = isCovering
    }
    // In place, the form stands where the panel would.
    const hasPanel = !(isInPlace() && state.step !== 'closed')
    render(html`${(hasPanel && panel?.view()) || nothing}${stateView(scene)}`, root)
  }
}
