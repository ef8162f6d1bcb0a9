import { localStore } from '@stripe402/client'
import { formatUnits, type PaymentResponse } from '@stripe402/core'
import type { Balance } from '../events/balance-change-event.js'
import { PaywallErrorEvent } from '../events/error-event.js'
import { type FollowedLanguage, followLanguage } from '../localization/follow-language.js'
import { amountLocale } from '../localization/locale.js'
import { say } from '../localization/say.js'
import { purse as purseStyles } from '../styles/purse.js'
import { styleSheet } from '../styles/style-sheet.js'
import { tokens } from '../styles/tokens.js'
import { fetchBalance } from './fetch-balance.js'
import { knownBalance } from './known-balance.js'
import type { BalancePanel } from './panel.js'
import { paywallFor } from './paywall-for.js'
import { purseButton } from './purse-button.js'
import { rememberBalance } from './remember-balance.js'
import { watchBalances } from './watch-balances.js'

/** What a purse needs from the element that it works for. */
export interface PurseHost {
  element: HTMLElement & {
    readonly origin: string | null
    readonly currency: string | null
    readonly for: string | null
  }
  root: ShadowRoot
  states: Set<string>
}

/** What a `<stripe402-balance>` shows and does: loaded when the first one is on a page. */
export interface Purse {
  readonly balance: Balance | null
  refresh(): Promise<void>
  /** Buys credit through the paywall of the page, which is made when there is none. */
  topUp(): Promise<PaymentResponse | null>
  enter(): void
  leave(): void
}

/**
 * Makes the purse of one element, once there is a language to speak.
 *
 * @throws TypeError when no texts can be loaded
 */
export async function createPurse(host: PurseHost): Promise<Purse> {
  const language = await followLanguage(host.element, () => purse.relook())
  const purse = openPurse(host, language)
  return purse
}

function openPurse(host: PurseHost, language: FollowedLanguage): Purse & { relook(): void } {
  const { element, root, states } = host
  let balance: Balance | null = null
  let panel: Promise<BalancePanel> | undefined
  let unwatch: (() => void) | undefined
  root.adoptedStyleSheets = [styleSheet(tokens + purseStyles)]
  const button = purseButton(() => void (balance ? openPanel() : pressTopUp()))
  root.append(button.element)

  function draw(): void {
    const isShort = isLow(balance)
    const locale = amountLocale(language.tag, language.locale)
    language.speak()
    const amount = balance && formatUnits(balance.units, balance.currency, locale)
    states[isShort ? 'add' : 'delete']('low')
    if (amount === null) button.show(say('top-up'))
    else button.show(amount, say(isShort ? 'balance-low' : 'balance-is', amount))
    void panel?.then((open) => open.show(balance, isShort))
  }

  /** The first press loads the panel; later ones are the browser's. */
  async function openPanel(): Promise<void> {
    if (panel) return
    panel = import('./panel.js').then(({ createPanel }) =>
      createPanel({
        root,
        button: button.element,
        topUp: pressTopUp,
        refresh,
        language,
      }),
    )
    try {
      const created = await panel
      created.show(balance, isLow(balance))
      if (balance) created.open()
    } catch {
      // Without the panel, its first button is still of use.
      panel = undefined
      pressTopUp()
    }
  }

  async function topUp(): Promise<PaymentResponse | null> {
    return paywallFor(element).topUp(element.origin ?? location.origin)
  }

  /** Whoever has pressed a button is told by the paywall what went wrong, unless there is none. */
  function pressTopUp(): void {
    try {
      paywallFor(element)
        .topUp(element.origin ?? location.origin)
        .catch(() => {})
    } catch (error) {
      element.dispatchEvent(new PaywallErrorEvent(error))
    }
  }

  function read(changed?: Balance): void {
    const origin = element.origin ?? location.origin
    const isOurs = changed?.origin === origin && changed.currency === (element.currency ?? changed.currency)
    balance = isOurs ? changed : knownBalance(origin, element.currency ?? undefined)
    draw()
  }

  async function refresh(): Promise<void> {
    const known = balance
    const fresh = known && (await fetchBalance(known))
    // A payment that ended meanwhile knows better.
    if (!fresh || balance !== known) return
    balance = fresh
    rememberBalance(fresh)
    draw()
  }

  return {
    get balance() {
      return balance
    },
    refresh,
    topUp,
    relook: draw,
    enter() {
      unwatch ??= watchBalances(read)
      language.start()
      read()
      void refresh()
    },
    leave() {
      unwatch?.()
      unwatch = undefined
      language.stop()
    },
  }
}

/** Whether the balance does not cover the dearest of what its origin is known to ask. */
function isLow(balance: Balance | null): boolean {
  if (!balance) return false
  const asked = Object.values(localStore().get(balance.origin)?.asked ?? {})
  return asked.some(
    ({ currency, amountUnits }) => currency === balance.currency && amountUnits > balance.units,
  )
}
