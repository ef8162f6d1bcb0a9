import type { PaymentResponse } from '@stripe402/core'
import type { Purse } from './balance/purse.js'
import { ElementBase, reflectAttributes, takeOverProperties, topUpOnCommand } from './element-base.js'
import type { Balance } from './events/balance-change-event.js'
import { PaywallErrorEvent } from './events/error-event.js'

/**
 * The credit of this browser at one origin, live, over all tabs. Pressing it shows what came and went, the receipts,
 * the top-up, and the way out; without credit, it opens the top-up.
 *
 * @tagname stripe402-balance
 *
 * @csspart button - What stands in the page.
 * @csspart panel - What opens from it.
 *
 * @cssprop --s402-accent - The icon and the top-up.
 * @cssprop --s402-surface - The button.
 * @cssprop --s402-background - The panel; the button, pointed at.
 * @cssprop --s402-line - Borders.
 * @cssprop --s402-text - The amount.
 * @cssprop --s402-muted - Text of less weight.
 * @cssprop --s402-danger - A balance that does not cover the next request.
 * @cssprop --s402-success - What came.
 * @cssprop --s402-radius - Corners.
 * @cssprop --s402-font - Font family.
 *
 * @cssstate low - The balance does not cover what this origin asked for last.
 */
export class Stripe402Balance extends ElementBase {
  static readonly observedAttributes: string[] = ['origin', 'currency']
  static {
    reflectAttributes(Stripe402Balance.prototype, ['origin', 'currency', 'for', 'theme'])
  }

  /** Whose credit; the page's own origin when absent. */
  declare origin: string | null
  /** ISO 4217 code, lower case; the first known currency when absent. */
  declare currency: string | null
  /** Id of the `<stripe402-paywall>` that tops up; the first of the page when absent. */
  declare for: string | null
  /** `light` or `dark`; without it the element follows the `color-scheme` of the place it stands in. */
  declare theme: string | null

  readonly #root: ShadowRoot = this.attachShadow({ mode: 'open' })
  readonly #internals: ElementInternals = this.attachInternals()
  #purse: Purse | undefined
  #loading: Promise<Purse> | undefined

  constructor() {
    super()
    topUpOnCommand(this)
  }

  /** Credit as last heard; `null` for a new client. */
  get balance(): Balance | null {
    return this.#purse?.balance ?? null
  }

  /** Asks the origin: credit may have come or gone without this browser. */
  async refresh(): Promise<void> {
    await this.#purse?.refresh()
  }

  /** Opens the dialog to buy credit. Resolves with the receipt, or with `null` when the person said no. */
  async topUp(): Promise<PaymentResponse | null> {
    return (await this.#show())?.topUp() ?? null
  }

  connectedCallback(): void {
    takeOverProperties(this)
    void this.#show()
  }

  disconnectedCallback(): void {
    this.#purse?.leave()
  }

  attributeChangedCallback(_name: string, before: string | null, now: string | null): void {
    if (this.isConnected && before !== now) this.#purse?.enter()
  }

  /** The purse; `null` when it cannot be loaded. The next call tries again. */
  async #show(): Promise<Purse | null> {
    try {
      this.#loading ??= this.#create()
      this.#purse = await this.#loading
      if (this.isConnected) this.#purse.enter()
      return this.#purse
    } catch (error) {
      this.#loading = undefined
      this.dispatchEvent(new PaywallErrorEvent(error))
      return null
    }
  }

  async #create(): Promise<Purse> {
    const { createPurse } = await import('./balance/purse.js')
    return createPurse({ element: this, root: this.#root, states: this.#internals.states })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'stripe402-balance': Stripe402Balance
  }
}
