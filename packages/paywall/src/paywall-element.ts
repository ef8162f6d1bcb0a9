import type { Stripe } from '@stripe/stripe-js'
import { ClientEvents, install } from '@stripe402/client'
import { formatUnits } from '@stripe402/core'
import {
  type CSSResult,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit'
import { createPaymentDialog, type PaymentDialog } from './dialog/payment-dialog.js'
import { LanguageController } from './localization/language-controller.js'
import { spokenLocale } from './localization/load-locale.js'
import { directionOf } from './localization/locale.js'
import { openOverlay } from './overlay/open-overlay.js'
import type { PaywallState } from './state/paywall-state.js'
import { placeCardNode } from './stripe/card-node.js'
import { type CardSession, createCardSession } from './stripe/card-session.js'
import type { LoadStripe } from './stripe/load-stripe.js'
import { stripeSource } from './stripe/stripe-source.js'
import { paywallStyles } from './styles/paywall.js'
import { dialogView } from './views/dialog-view.js'
import type { ViewContext } from './views/view-context.js'

/**
 * Catches the 402s of a page and asks a person to pay them.
 */
export class Stripe402Paywall extends LitElement {
  static override styles: CSSResult[] = paywallStyles
  static override properties: PropertyDeclarations = {
    origins: { type: String },
    theme: { type: String, reflect: true },
    stripe: { attribute: false },
    loadStripe: { attribute: false },
    state: { state: true },
  }

  /** Other origins whose 402s are paid here, separated by spaces. The page's own is always among them. */
  declare origins: string | null
  /** `light` or `dark`; without it the element follows the `color-scheme` it stands in. */
  declare theme: 'light' | 'dark' | null
  /** A Stripe instance of the page's own, instead of one loaded on the first 402. */
  declare stripe: Stripe | null
  /** Loads Stripe.js in the place of `@stripe/stripe-js/pure`. */
  declare loadStripe: LoadStripe | null
  declare private state: PaywallState

  /** What the client reports: every exchange, payment and change of balance. */
  readonly events: ClientEvents = new ClientEvents()
  readonly #language = new LanguageController(this, () => this.#card.refreshLook())
  readonly #card: CardSession
  readonly #dialog: PaymentDialog
  #cardNode: ReturnType<typeof placeCardNode> | undefined
  #closeOverlay: (() => void) | undefined
  #uninstall: (() => void) | undefined

  constructor() {
    super()
    this.origins = null
    this.theme = null
    this.stripe = null
    this.loadStripe = null
    this.state = { step: 'closed' }
    const source = stripeSource(this)
    this.#card = createCardSession({
      node: () => this.#cardNode?.node,
      probe: () => this.renderRoot.querySelector('.palette'),
      language: () => this.#language.tag,
      stripe: async (key) => {
        const stripe = await source(key)
        await this.updateComplete
        return stripe
      },
      onProgress: (card) => this.#dialog.dispatch({ type: 'card', card }),
      onEscape: () => this.#dialog.dismiss(),
      onError: (error) => console.error(error),
    })
    this.#dialog = createPaymentDialog({
      show: (state) => this.#show(state),
      emit: (event) => this.dispatchEvent(event),
      card: this.#card,
    })
  }
  get payer() {
    return this.#dialog.payer
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#cardNode = placeCardNode(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#dialog.abandon()
    this.#cardNode?.remove()
  }

  #show(state: PaywallState): void {
    this.state = state
    const isOpen = state.step !== 'closed' && state.step !== 'paid'
    if (isOpen) {
      this.#closeOverlay ??= openOverlay({
        host: this,
        spare: this.#cardNode ? [this.#cardNode.node] : [],
        onEscape: () => this.#dialog.dismiss(),
      })
    } else {
      this.#closeOverlay?.()
      this.#closeOverlay = undefined
    }
  }

  protected override updated(changed: PropertyValues): void {
    const before: unknown = changed.get('state')
    if (this.state.step === 'choosing' && isClosed(before))
      this.renderRoot.querySelector<HTMLElement>('.dialog')?.focus()
  }

  protected override render(): TemplateResult {
    const { state } = this
    return html`
      <div class="page" ?inert=${state.step !== 'closed'}><slot></slot></div>
      ${state.step === 'closed' ? nothing : dialogView(state, this.#context())}
    `
  }

  #context(): ViewContext {
    const locale = this.#language.amountLocale
    const count = new Intl.NumberFormat(locale)
    return {
      money: (units, currency) => formatUnits(units, currency, locale),
      count: (value) => count.format(value),
      direction: directionOf(spokenLocale()),
      language: spokenLocale(),
      dispatch: this.#dialog.dispatch,
      dismiss: this.#dialog.dismiss,
      relook: this.#card.refreshLook,
      reload: this.#dialog.reload,
    }
  }
}
function isClosed(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'step' in state && state.step === 'closed'
}
