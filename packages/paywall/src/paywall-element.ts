import type { Stripe } from '@stripe/stripe-js'
import { install, listen, type Payer } from '@stripe402/client'
import { formatUnits, type PaymentResponse } from '@stripe402/core'
import {
  type CSSResult,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit'
import { knownBalance } from './balance/known-balance.js'
import { topUp } from './balance/top-up.js'
import { createPaymentDialog, type PaymentDialog } from './dialog/payment-dialog.js'
import { type Balance, BalanceChangeEvent } from './events/balance-change-event.js'
import { createInlineContent, type InlineContent } from './inline/inline-content.js'
import type { InlineState } from './inline/inline-state.js'
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
import { inlineView } from './views/inline-view.js'
import type { ViewContext } from './views/view-context.js'

/**
 * Asks a person to pay what a page's requests cost, and lets the requests go on.
 *
 * As an overlay it catches every 402 of this origin (and of `origins`), from `fetch` and `XMLHttpRequest`. With `src`
 * it also is a place in the page: its children are the teaser, and the paid resource takes their place.
 *
 * HTML of a paid resource is shown as HTML only when it comes from the page's own origin, which is trusted with the
 * page anyway; see `stripe402-content` for everything else.
 *
 * @slot - With `src`: the teaser.
 * @slot hint - A word of the seller's at the head of the dialog; it stays when the teaser goes.
 * @slot card - Taken: the node of Stripe's card form, which may not stand in a shadow root.
 *
 * @fires stripe402-payment-required - A payment is due. Cancelable: "I will handle it"; the page gets its 402.
 * @fires stripe402-open - The dialog has opened.
 * @fires stripe402-close - The dialog has closed; `reason` says why.
 * @fires stripe402-paid - A payment went through; `receipt` holds what the server confirmed.
 * @fires stripe402-content - The paid response of `src` is here. Cancelable: "I will show it".
 * @fires stripe402-balance-change - The credit at an origin has changed.
 * @fires stripe402-error - Something that should not happen did; the person has been told.
 *
 * @csspart overlay - What covers the page.
 * @csspart dialog - The dialog.
 * @csspart title - Who is paid.
 * @csspart summary - What is paid for, its price, and the balance.
 * @csspart choices - The top-up amounts.
 * @csspart choice - One amount.
 * @csspart card - The place of the card form.
 * @csspart problem - Why the last try did not work.
 * @csspart pay - The button that pays.
 * @csspart outcome - What covers the form at the end.
 * @csspart lock - With `src`: the panel below the teaser.
 * @csspart unlock - With `src`: its button.
 *
 * @cssprop --s402-accent - Colour of what can be pressed and is chosen.
 * @cssprop --s402-on-accent - Text on the accent.
 * @cssprop --s402-background - The dialog.
 * @cssprop --s402-surface - Quiet areas on it.
 * @cssprop --s402-field - Text fields, Stripe's too.
 * @cssprop --s402-text - Text.
 * @cssprop --s402-muted - Text of less weight.
 * @cssprop --s402-line - Lines between things.
 * @cssprop --s402-border - Borders of fields.
 * @cssprop --s402-danger - What went wrong.
 * @cssprop --s402-success - What went well.
 * @cssprop --s402-backdrop - Over the page behind the dialog.
 * @cssprop --s402-radius - Corners.
 * @cssprop --s402-font - Font family, in Stripe's form where it has the font.
 * @cssprop --s402-card-height - Room kept for the card form.
 *
 * @cssstate open - The dialog is open.
 * @cssstate paying - A payment is on its way.
 */
export class Stripe402Paywall extends LitElement {
  static override styles: CSSResult[] = paywallStyles
  static override properties: PropertyDeclarations = {
    origins: {},
    src: { reflect: true },
    manual: { type: Boolean },
    theme: { reflect: true },
    stripe: { attribute: false },
    loadStripe: { attribute: false },
    state: { state: true },
    inlineState: { state: true },
  }

  /** Other origins whose 402s are paid here, separated by spaces. The page's own is always among them. */
  declare origins: string | null
  /** URL of a paid resource that is shown in the place of the children. */
  declare src: string | null
  /** Catches nothing: pays only through `topUp()`, `src`, or a client that was given `payer`. */
  declare manual: boolean
  /** `light` or `dark`; without it the element follows the `color-scheme` of the place it stands in. */
  declare theme: string | null
  /** A Stripe instance of the page's own, instead of one that is loaded on the first 402. */
  declare stripe: Stripe | null
  /** Loads Stripe.js in the place of `@stripe/stripe-js`. */
  declare loadStripe: LoadStripe | null
  /** Where the client reports each step; listen with `listen` of `@stripe402/client`. */
  readonly events: EventTarget = new EventTarget()

  declare private state: PaywallState
  declare private inlineState: InlineState
  readonly #internals: ElementInternals = this.attachInternals()
  readonly #language: LanguageController = new LanguageController(this, () => this.#card.refreshLook())
  readonly #card: CardSession
  readonly #dialog: PaymentDialog
  readonly #inline: InlineContent
  #cardNode: ReturnType<typeof placeCardNode> | undefined
  #closeOverlay: (() => void) | undefined
  #focusNext: string | undefined
  #uninstall: (() => void) | undefined

  constructor() {
    super()
    this.origins = null
    this.src = null
    this.manual = false
    this.theme = null
    this.stripe = null
    this.loadStripe = null
    this.state = { step: 'closed' }
    this.inlineState = { step: 'loading' }
    const stripe = stripeSource(this)
    this.#card = createCardSession({
      node: () => this.#cardNode?.node,
      probe: () => this.renderRoot.querySelector('.palette'),
      language: () => this.#language.tag,
      stripe: async (publishableKey) => {
        const [instance] = await Promise.all([stripe(publishableKey), this.updateComplete])
        return instance
      },
      onProgress: (card) => this.#dialog.dispatch({ type: 'card', card }),
      onEscape: () => this.#dialog.dismiss(),
      emit: (event) => this.dispatchEvent(event),
    })
    this.#dialog = createPaymentDialog({
      show: (state) => this.#show(state),
      emit: (event) => this.dispatchEvent(event),
      card: this.#card,
    })
    this.#inline = createInlineContent({
      payer: this.payer,
      events: this.events,
      origins: () => this.#origins(),
      emit: (event) => this.dispatchEvent(event),
      show: (state) => {
        this.inlineState = state
      },
      replace: (content) => this.#replaceTeaser(content),
    })
    listen(this.events, 'balance-change', ({ detail: { origin, currency, balance } }) =>
      this.dispatchEvent(new BalanceChangeEvent({ origin, currency, units: balance })),
    )
    // <button commandfor="…" command="--top-up">
    this.addEventListener('command', (event) => {
      if ('command' in event && event.command === '--top-up') void this.topUp()
    })
  }

  /** The person, as a payer for `wrapFetch`, `install` or axios: opens this element's dialog. */
  get payer(): Payer {
    return this.#dialog.payer
  }

  /** Credit at the page's own origin (or the first of `origins` that has some) as last heard; `null` when unknown. */
  get balance(): Balance | null {
    return [location.origin, ...this.#origins()].map((origin) => knownBalance(origin)).find(Boolean) ?? null
  }

  /**
   * Opens the dialog to buy credit. Resolves with the receipt, or with `null` when the person said no.
   *
   * @param origin where to buy it; the page's own when absent
   */
  async topUp(origin: string = location.origin): Promise<PaymentResponse | null> {
    return topUp(origin, { payer: this.payer, events: this.events, origins: this.#origins() })
  }

  /** Opens the dialog: for the resource of `src` while it is locked, else to buy credit. Resolves when it is over. */
  async show(): Promise<void> {
    await (this.src !== null && this.inlineState.step === 'locked' ? this.#inline.unlock() : this.topUp())
  }

  /** Closes the dialog as the person would; not while a payment is on its way. */
  hide(): void {
    this.#dialog.dismiss()
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#cardNode = placeCardNode(this)
    this.#install()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#uninstall?.()
    this.#uninstall = undefined
    this.#inline.stop()
    this.#dialog.abandon()
    this.#cardNode?.remove()
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('origins') || changed.has('manual')) this.#install()
    if (changed.has('src') && this.src !== null) void this.#inline.load(this.src)
  }

  protected override updated(): void {
    const target = this.#focusNext
    this.#focusNext = undefined
    if (target) this.renderRoot.querySelector<HTMLElement>(target)?.focus({ preventScroll: true })
  }

  protected override render(): TemplateResult {
    const { state, src, inlineState } = this
    const isLocked = src !== null && inlineState.step !== 'open'
    return html`
      <div class="page ${isLocked ? 'teaser' : ''}" ?inert=${this.#closeOverlay !== undefined}><slot></slot></div>
      ${isLocked ? inlineView(inlineState, this.#money, () => void this.#inline.unlock()) : nothing}
      ${state.step === 'closed' ? nothing : dialogView(state, this.#viewContext())}
    `
  }

  readonly #money = (units: number, currency: string): string =>
    formatUnits(units, currency, this.#language.amountLocale)

  #viewContext(): ViewContext {
    const language = spokenLocale()
    return {
      money: this.#money,
      count: (count) => count.toLocaleString(this.#language.amountLocale),
      direction: directionOf(language),
      language,
      dispatch: this.#dialog.dispatch,
      dismiss: this.#dialog.dismiss,
      relook: this.#card.refreshLook,
      reload: this.#dialog.reload,
    }
  }

  #origins(): string[] {
    return this.origins?.split(/\s+/).filter(Boolean) ?? []
  }

  #install(): void {
    this.#uninstall?.()
    this.#uninstall =
      this.manual || !this.isConnected
        ? undefined
        : install({ payer: this.payer, events: this.events, origins: this.#origins() })
  }

  #show(state: PaywallState): void {
    this.#focusNext = this.#focusAfter(this.state, state)
    this.state = state
    const isOpen = state.step !== 'closed' && state.step !== 'paid'
    if (isOpen && this.isConnected)
      this.#closeOverlay ??= openOverlay({
        host: this,
        spare: this.#cardNode ? [this.#cardNode.node] : [],
        onEscape: this.#dialog.dismiss,
      })
    else {
      this.#closeOverlay?.()
      this.#closeOverlay = undefined
    }
    const { states } = this.#internals
    states[isOpen ? 'add' : 'delete']('open')
    states[state.step === 'paying' || state.step === 'authenticating' ? 'add' : 'delete']('paying')
  }

  /** Where the focus belongs after a change, as a selector; `undefined` where it is. */
  #focusAfter(before: PaywallState, { step }: PaywallState): string | undefined {
    if (before.step === 'closed' && step === 'choosing') return '.dialog'
    // The control that had it was locked for the payment, or is covered now.
    if (before.step !== 'choosing' && step === 'choosing') return '.pay'
    return step === 'unknown' || step === 'failed' ? '.outcome button' : undefined
  }

  #replaceTeaser(content: Node): void {
    for (const child of [...this.childNodes]) if (!hasSlot(child)) child.remove()
    this.prepend(content)
  }
}

/** The card form, a slot that brings it into the dialog of a host in a shadow root, the hint: they outlive the teaser. */
function hasSlot(node: Node): boolean {
  return node instanceof HTMLElement && node.slot !== ''
}

declare global {
  interface HTMLElementTagNameMap {
    'stripe402-paywall': Stripe402Paywall
  }
}
