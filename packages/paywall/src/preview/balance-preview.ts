import { render } from 'lit/html.js'
import type { Balance } from '../events/balance-change-event.js'
import { loadLanguage } from '../localization/load-locale.js'
import { amountLocale, directionOf, languageOf } from '../localization/locale.js'
import { speak } from '../localization/say.js'
import { balancePanel } from '../styles/balance-panel.js'
import { controls } from '../styles/controls.js'
import { css } from '../styles/css.js'
import { styleSheet } from '../styles/style-sheet.js'
import { tokens } from '../styles/tokens.js'
import { balanceView, type KnownHistory } from '../views/balance-view.js'

/** What a balance panel shows. */
export interface BalanceRecording {
  balance: Balance
  history: KnownHistory
  isLow?: boolean
}

const still = css`
  .panel {
    position: static;
    width: auto;
    max-width: 360px;
    max-height: none;
    margin: auto;
  }
`

/** Shows a recorded balance panel in an element of the page; see `showPreview`. */
export async function showBalancePreview(
  place: HTMLElement,
  { balance, history, isLow = false }: BalanceRecording,
): Promise<void> {
  const tag = languageOf(place)
  const language = await loadLanguage(tag)
  const root = place.shadowRoot ?? place.attachShadow({ mode: 'open' })
  root.adoptedStyleSheets = [styleSheet(tokens + controls + balancePanel), styleSheet(still)]
  const panel = document.createElement('section')
  panel.className = 'panel'
  panel.lang = language.locale
  panel.dir = directionOf(panel.lang)
  panel.role = 'group'
  panel.setAttribute('aria-labelledby', 'title')
  root.replaceChildren(panel)
  const idle = (): void => {}
  speak(language)
  render(
    balanceView(balance, history, {
      locale: amountLocale(tag, panel.lang),
      isLow,
      topUp: idle,
      more: idle,
      signOut: idle,
    }),
    panel,
  )
}
