import { render } from 'lit/html.js'
import type { Balance } from '../events/balance-change-event.js'
import type { FollowedLanguage } from '../localization/follow-language.js'
import { amountLocale, directionOf } from '../localization/locale.js'
import { balancePanel } from '../styles/balance-panel.js'
import { controls } from '../styles/controls.js'
import { styleSheet } from '../styles/style-sheet.js'
import { balanceView, type KnownHistory } from '../views/balance-view.js'
import { fetchHistory, HISTORY_PAGE } from './history.js'
import { signOut } from './sign-out.js'

/** What the panel needs from the purse that it opens from. */
export interface PanelOptions {
  root: ShadowRoot
  button: HTMLButtonElement
  topUp: () => void
  /** Asks what is left: credit may have gone by a navigation, which tells no page. */
  refresh: () => Promise<unknown>
  language: FollowedLanguage
}

/** What opens from a `<stripe402-balance>`: the credit, the top-up, what came and went, the way out. */
export interface BalancePanel {
  show(balance: Balance | null, isLow: boolean): void
  open(): void
}

/** Makes the panel; it stands behind its button in the tree and in the top layer on the screen. */
export function createPanel({ root, button, topUp, refresh, language }: PanelOptions): BalancePanel {
  let balance: Balance | null = null
  let isShort = false
  let history: KnownHistory = { entries: [], step: 'loading' }
  const panel = document.createElement('section')
  panel.id = 'panel'
  panel.className = 'panel'
  panel.popover = 'auto'
  panel.role = 'dialog'
  panel.setAttribute('part', 'panel')
  panel.setAttribute('aria-labelledby', 'title')
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, styleSheet(controls + balancePanel)]
  root.append(panel)
  button.setAttribute('aria-controls', 'panel')
  panel.addEventListener('beforetoggle', () => placeBeside(panel, button))
  panel.addEventListener('toggle', () => {
    const isOpen = panel.matches(':popover-open')
    button.ariaExpanded = String(isOpen)
    if (!isOpen) return
    void refresh()
    void readHistory()
  })

  function draw(): void {
    // From here on, presses of the button are the browser's: it knows which ones close what they had opened.
    button.popoverTargetElement = balance && panel
    if (!balance) {
      panel.hidePopover()
      return
    }
    language.speak()
    panel.lang = language.locale
    panel.dir = directionOf(panel.lang)
    render(
      balanceView(balance, history, {
        locale: amountLocale(language.tag, language.locale),
        isLow: isShort,
        more() {
          if (history.step !== 'loading-more') void readHistory(history.entries.at(-1)?.id)
        },
        topUp() {
          panel.hidePopover()
          topUp()
        },
        signOut() {
          panel.hidePopover()
          if (balance) signOut(balance.origin)
        },
      }),
      panel,
    )
  }

  async function readHistory(before?: string): Promise<void> {
    const known = balance
    if (!known) return
    const seen = before === undefined ? [] : history.entries
    history = { entries: history.entries, step: before === undefined ? 'loading' : 'loading-more' }
    draw()
    const entries = await fetchHistory(known, before)
    if (balance?.origin !== known.origin || balance.currency !== known.currency) return
    history = entries
      ? { entries: [...seen, ...entries], step: entries.length < HISTORY_PAGE ? 'all' : 'more' }
      : { entries: seen, step: 'unavailable' }
    const focused = root.activeElement
    draw()
    // The button has brought the last of it, and is gone.
    if (focused && !focused.isConnected) panel.querySelectorAll('li')[seen.length]?.focus()
  }

  return {
    show(next, isLow) {
      if (balance?.origin !== next?.origin) history = { entries: [], step: 'loading' }
      balance = next
      isShort = isLow
      draw()
    },
    open: () => panel.showPopover(),
  }
}

/** Under its button, or above it where there is more room. In the top layer nothing can clip it, and nothing places it either. */
function placeBeside(panel: HTMLElement, button: HTMLElement): void {
  const { top, bottom, left, right } = button.getBoundingClientRect()
  const isRight = (left + right) / 2 > innerWidth / 2
  const isAbove = top > innerHeight - bottom
  const gap = `${Math.max(8, (isAbove ? innerHeight - top : bottom) + 8)}px`
  // Properties set through the CSSOM are not inline styles to a Content Security Policy.
  const place = {
    gap,
    top: isAbove ? 'auto' : gap,
    bottom: isAbove ? gap : 'auto',
    left: isRight ? 'auto' : `${Math.max(8, left)}px`,
    right: isRight ? `${Math.max(8, innerWidth - right)}px` : 'auto',
  }
  for (const [name, value] of Object.entries(place)) panel.style.setProperty(`--${name}`, value)
}
