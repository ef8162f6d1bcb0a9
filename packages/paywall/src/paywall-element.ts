import type { Stripe } from '@stripe/stripe-js'
import { install, listen, type Payer } from '@stripe402/client'
import type { PaymentResponse } from '@stripe402/core'
import { knownBalance } from './balance/known-balance.js'
import type { Checkout } from './checkout/checkout.js'
import {
  ElementBase,
  originsOf,
  reflectAttributes,
  takeOverProperties,
  topUpOnCommand,
} from './element-base.js'
import { type Balance, BalanceChangeEvent } from './events/balance-change-event.js'
import { PaywallErrorEvent } from './events/error-event.js'
import { type Gestures, watchGestures } from './gestures.js'
import type { LoadStripe } from './stripe/stripe-unavailable-error.js'
import { host } from './styles/host.js'
import { styleSheet } from './styles/style-sheet.js'

/**
 * Asks a person to pay what a page's requests cost, and lets the requests go on.
 *
 * As an overlay it catches every 402 of this origin (and of `origins`), from `fetch` and `XMLHttpRequest`. With `src`
 * it also is a place in the page: its children are the teaser, and the paid resource takes their place.
 *
 * HTML of a paid resource is shown as HTML only when it comes from the page's own origin, which is trusted with the
 * page anyway; see `stripe402-content` for everything else.
 *
 * What asks and pays is loaded when there is something to ask; until then there is only what listens.
 *
 * @tagname stripe402-paywall
 *
 * @slot - With `src`: the teaser.
 * @slot hint - A word of the seller's at the head of the dialog; it stays when the teaser goes.
 * @slot card - Taken: the node of Stripe's card form, which may not stand in a shadow root.
 *
 * @fires {PaymentRequiredEvent} stripe402-payment-required - A payment is due. Cancelable: "I will handle it"; the page gets its 402.
 * @fires {OpenEvent} stripe402-open - The dialog has opened.
 * @fires {CloseEvent} stripe402-close - The dialog has closed; `reason` says why.
 * @fires {PaidEvent} stripe402-paid - A payment went through; `receipt` holds what the server confirmed.
 * @fires {ContentEvent} stripe402-content - The paid response of `src` is here. Cancelable: "I will show it".
 * @fires {BalanceChangeEvent} stripe402-balance-change - The credit at an origin has changed.
 * @fires {PaywallErrorEvent} stripe402-error - Something that should not happen did; the person has been told.
 *
 * @csspart overlay - What covers the page.
 * @csspart dialog - The dialog.
 * @csspart title - Who is paid.
 * @csspart summary - What is paid for, its price, and the balance.
 * @csspart choices - The top-up amounts.
 * @csspart choice - One amount.
 * @csspart card - The place of the card form.
 * @csspart consent - The box to tick when the card shall be kept.
 * @csspart kept-card - The kept card, in the place of the form.
 * @csspart problem - Why the last try did not work.
 * @csspart pay - The button that pays.
 * @csspart outcome - What covers the form at the end.
 * @csspart bar - Asks for what nobody clicked for.
 * @csspart bar-pay - The button of the bar that opens the dialog.
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
export class Stripe402Paywall extends ElementBase {
  static readonly observedAttributes: string[] = ['origins', 'src', 'manual']
  static {
    reflectAttributes(
      Stripe402Paywall.prototype,
      ['origins', 'src', 'mode', 'prompt', 'theme'],
      ['manual', 'confirm'],
    )
  }

  /** Other origins whose 402s are paid here, separated by spaces. The page's own is always among them. */
  declare origins: string | null
  /** URL of a paid resource that is shown in the place of the children. */
  declare src: string | null
  /** Catches nothing: pays only through `topUp()`, `src`, or a client that was given `payer`. */
  declare manual: boolean
  /** With `src`: credit, too, is spent only after the person has said so. */
  declare confirm: boolean
  /** `page`: with `src`, the form is a part of the page and asks at once. */
  declare mode: string | null
  /** `dialog` or `bar`: how to ask. Without it, a bar asks for what nobody clicked for. */
  declare prompt: string | null
  /** `light` or `dark`; without it the element follows the `color-scheme` of the place it stands in. */
  declare theme: string | null
  /** A Stripe instance of the page's own, instead of one that is loaded on the first 402. */
  declare stripe: Stripe | null
  /** Loads Stripe.js in the place of `@stripe/stripe-js`. */
  declare loadStripe: LoadStripe | null
  /** Where the client reports each step; listen with `listen` of `@stripe402/client`. */
  readonly events: EventTarget = new EventTarget()
  /** The person, as a payer for `wrapFetch`, `install` or axios: opens this element's dialog. */
  readonly payer: Payer

  readonly #internals: ElementInternals = this.attachInternals()
  readonly #root: ShadowRoot = this.attachShadow({ mode: 'open' })
  readonly #gestures: Gestures = watchGestures()
  /** Whether nobody clicked for any of the requests that wait for the question, by origin. */
  readonly #isQuiet = new Map<string, boolean>()
  #checkout: Checkout | undefined
  #loading: Promise<Checkout> | undefined
  #uninstall: (() => void) | undefined

  constructor() {
    super()
    // What was set before the upgrade stays.
    this.stripe ??= null
    this.loadStripe ??= null
    this.payer = Object.assign(this.#ask.bind(this), {
      authenticate: async (...check: Parameters<Checkout['authenticate']>) =>
        this.#checkout?.authenticate(...check),
      settled: (...news: Parameters<Checkout['settled']>) => this.#checkout?.settled(...news),
    })
    this.#root.adoptedStyleSheets = [styleSheet(host)]
    this.#root.append(document.createElement('slot'))
    listen(this.events, 'balance-change', ({ detail: { origin, currency, balance } }) =>
      this.dispatchEvent(new BalanceChangeEvent({ origin, currency, units: balance })),
    )
    listen(this.events, 'exchange', ({ detail: { origin, challenge, startedAt } }) => {
      if (challenge)
        this.#isQuiet.set(origin, this.#isQuiet.get(origin) !== false && !this.#gestures.isRecent(startedAt))
    })
    // A request that somebody clicked for joins one that the bar asks for.
    listen(this.events, 'payment-required', ({ detail: { origin } }) => {
      if (!this.#isQuiet.get(origin)) this.#checkout?.open()
    })
    // It goes on: another tab has paid for it.
    listen(this.events, 'retry', ({ detail: { origin } }) => this.#isQuiet.delete(origin))
    listen(this.events, 'payment-elsewhere', async ({ detail: { isWaiting } }) =>
      (await this.#loaded())?.elsewhere(isWaiting),
    )
    this.addEventListener('stripe402-close', this.#gestures.forget)
    topUpOnCommand(this)
  }

  /** Credit at the page's own origin (or the first of `origins` that has some) as last heard; `null` when unknown. */
  get balance(): Balance | null {
    return [location.origin, ...originsOf(this)].map((origin) => knownBalance(origin)).find(Boolean) ?? null
  }

  /**
   * Opens the dialog to buy credit. Resolves with the receipt, or with `null` when the person said no.
   *
   * @param origin where to buy it; the page's own when absent
   */
  async topUp(origin: string = location.origin): Promise<PaymentResponse | null> {
    return (await this.#loaded())?.topUp(origin) ?? null
  }

  /** Opens the dialog: for the resource of `src` while it is locked, else to buy credit. Resolves when it is over. */
  async show(): Promise<void> {
    await (await this.#loaded())?.show()
  }

  /** Closes the dialog as the person would; not while a payment is on its way. */
  hide(): void {
    this.#checkout?.dismiss()
  }

  connectedCallback(): void {
    takeOverProperties(this)
    this.#gestures.start()
    this.#install()
    this.#checkout?.enter()
    void this.#load()
  }

  disconnectedCallback(): void {
    this.#uninstall?.()
    this.#uninstall = undefined
    this.#gestures.stop()
    this.#checkout?.leave()
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    if (!this.isConnected || before === now) return
    if (name === 'src') void this.#load()
    else this.#install()
  }

  async #ask(...[challenge, context]: Parameters<Payer>): ReturnType<Payer> {
    const checkout = await this.#loaded()
    const choice = await checkout?.ask(challenge, context, () => this.#isQuiet.get(context.origin))
    this.#isQuiet.delete(context.origin)
    if (!choice) this.#gestures.forget()
    return choice ?? null
  }

  /** The checkout; `null` when it cannot be loaded, and then the page gets its 402. */
  async #loaded(): Promise<Checkout | null> {
    try {
      this.#loading ??= this.#create()
      this.#checkout = await this.#loading
      return this.#checkout
    } catch (error) {
      this.#loading = undefined
      this.dispatchEvent(new PaywallErrorEvent(error))
      return null
    }
  }

  async #create(): Promise<Checkout> {
    const { createCheckout } = await import('./checkout/checkout.js')
    return createCheckout({ element: this, root: this.#root, states: this.#internals.states })
  }

  async #load(src: string | null = this.src): Promise<void> {
    if (src !== null || this.#checkout) await (await this.#loaded())?.load(src)
  }

  #install(): void {
    this.#uninstall?.()
    this.#uninstall = this.manual
      ? undefined
      : install({ payer: this.payer, events: this.events, origins: originsOf(this) })
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'stripe402-paywall': Stripe402Paywall
  }
}
