import { rawFetch } from '@stripe402/client'
import { formatUnits } from '@stripe402/core'
import { type CSSResult, html, LitElement, type PropertyDeclarations, type TemplateResult } from 'lit'
import { fetchBalance, knownBalance, watchBalances } from './balance/known-balance.js'
import type { Balance } from './events/balance-change-event.js'
import { LanguageController } from './localization/language-controller.js'
import { say } from './localization/say.js'
import { Stripe402Paywall } from './paywall-element.js'
import { balance } from './styles/balance.js'
import { controls } from './styles/controls.js'
import { tokens } from './styles/tokens.js'
import { coinsIcon } from './views/icons.js'

/**
 * The credit of this browser at one origin, live, over all tabs. Pressing it opens the top-up.
 *
 * @csspart button - The whole of it.
 *
 * @cssprop --s402-accent - The icon.
 * @cssprop --s402-surface - The button.
 * @cssprop --s402-background - The button, pointed at.
 * @cssprop --s402-line - Its border.
 * @cssprop --s402-text - The amount.
 * @cssprop --s402-font - Font family.
 */
export class Stripe402Balance extends LitElement {
  static override styles: CSSResult[] = [tokens, controls, balance]
  static override properties: PropertyDeclarations = {
    origin: {},
    currency: {},
    for: {},
    theme: { reflect: true },
    balance: { state: true },
  }

  /** Whose credit; the page's own origin when absent. */
  declare origin: string | null
  /** ISO 4217 code, lower case; the first known currency when absent. */
  declare currency: string | null
  /** Id of the `<stripe402-paywall>` that tops up; the first of the page when absent. */
  declare for: string | null
  /** `light` or `dark`; without it the element follows the `color-scheme` of the place it stands in. */
  declare theme: string | null
  /** Credit in units as last heard; `null` for a new client. */
  declare balance: Balance | null

  readonly #language: LanguageController = new LanguageController(this)
  #unwatch: (() => void) | undefined

  constructor() {
    super()
    this.origin = null
    this.currency = null
    this.for = null
    this.theme = null
    this.balance = null
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#unwatch = watchBalances((changed) => this.#read(changed))
    this.#read()
    void this.refresh()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#unwatch?.()
  }

  /** Asks the origin: credit may have come or gone without this browser. */
  async refresh(): Promise<void> {
    const known = this.balance
    const fresh = known && (await fetchBalance(rawFetch, known))
    // A payment that ended meanwhile knows better.
    if (fresh && this.balance === known) this.balance = fresh
  }

  protected override render(): TemplateResult {
    const { balance: known } = this
    const amount = known && formatUnits(known.units, known.currency, this.#language.amountLocale)
    const name = amount === null ? say('top-up') : say('top-up-balance', amount)
    return html`<button type="button" part="button" aria-label=${name} @click=${this.#onClick}>
      ${coinsIcon}<bdi>${amount ?? say('top-up')}</bdi>
    </button>`
  }

  #read(changed?: Balance): void {
    const origin = this.#origin()
    const isOurs = changed?.origin === origin && changed.currency === (this.currency ?? changed.currency)
    this.balance = isOurs ? changed : knownBalance(origin, this.currency ?? undefined)
  }

  #origin(): string {
    return this.origin ?? location.origin
  }

  readonly #onClick = (): void => {
    const paywall =
      this.for === null ? document.querySelector('stripe402-paywall') : document.getElementById(this.for)
    if (paywall instanceof Stripe402Paywall) void paywall.topUp(this.#origin())
    else console.warn('<stripe402-balance> found no <stripe402-paywall> to top up with.')
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'stripe402-balance': Stripe402Balance
  }
}
