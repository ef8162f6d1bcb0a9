import type { Stripe } from '@stripe/stripe-js'
import { unitsToMinor } from '@stripe402/core'
import { PaywallErrorEvent } from '../events/error-event.js'
import type { Offer } from '../state/offer.js'
import { type CardForm as CardProgress, fitsCard } from '../state/paywall-state.js'
import { type CardForm, type CardResult, mountCardForm } from './card-form.js'
import { inTime } from './load-stripe.js'

/** Where a card form comes from and whom it tells. */
export interface CardSessionOptions {
  /** The light-DOM node the form is mounted in. */
  node: () => HTMLElement | undefined
  /** The element that carries the palette as computed colours; there while the dialog is. */
  probe: () => Element | null
  /** BCP 47 tag of the page around. */
  language: () => string
  stripe: (publishableKey: string) => Promise<Stripe>
  onProgress: (card: CardProgress) => void
  onEscape: () => void
  emit: (event: Event) => void
}

/** The card form of one open dialog: mounted on demand, thrown away at the end. */
export interface CardSession {
  /** Mounts a form for an offer, unless one that fits is there or on its way. Failure is progress: `blocked`. */
  prepare(offer: Offer, units: number): void
  setAmount(units: number): void
  /** Follows a change of theme or language. */
  refreshLook(): void
  createPaymentMethod(...call: Parameters<CardForm['createPaymentMethod']>): Promise<CardResult>
  /** Runs 3-D Secure. Resolves however it ends: the server knows the outcome. */
  authenticate(clientSecret: string, publishableKey: string): Promise<void>
  close(): void
}

/** Creates the card session of a dialog. Nothing of Stripe is loaded before {@link CardSession.prepare}. */
export function createCardSession(options: CardSessionOptions): CardSession {
  let form: CardForm | undefined
  let offered: Offer | undefined
  let amountMinor = 0

  function close(): void {
    form?.destroy()
    form = undefined
    offered = undefined
  }

  async function mount(offer: Offer): Promise<void> {
    try {
      const instance = await options.stripe(offer.publishableKey)
      const node = options.node()
      const probe = options.probe()
      // Closed, or asked for something else, while Stripe.js was on its way.
      if (offered !== offer || !node || !probe) return
      const isReady = new Promise<void>((onReady, onLoadError) => {
        form = mountCardForm(instance, {
          node,
          amountMinor,
          currency: offer.currency,
          probe,
          locale: options.language(),
          onReady,
          onLoadError,
          onEscape: options.onEscape,
        })
      })
      await inTime(isReady)
      if (offered === offer) options.onProgress('ready')
    } catch (error) {
      if (offered !== offer) return
      // So that the next try makes another form.
      close()
      options.emit(new PaywallErrorEvent(error))
      options.onProgress('blocked')
    }
  }

  return {
    prepare(offer, units) {
      amountMinor = unitsToMinor(units, offer.currency)
      if (offered && fitsCard(offered, offer)) return
      close()
      offered = offer
      options.onProgress('loading')
      void mount(offer)
    },
    setAmount(units) {
      if (!offered) return
      const minor = unitsToMinor(units, offered.currency)
      if (minor === amountMinor) return
      amountMinor = minor
      form?.setAmount(minor)
    },
    refreshLook() {
      const probe = options.probe()
      if (form && probe) form.setLook(probe, options.language())
    },
    async createPaymentMethod(onComplete) {
      return form ? form.createPaymentMethod(onComplete) : { ok: false, problem: { kind: 'incomplete' } }
    },
    async authenticate(clientSecret, publishableKey) {
      // Not the form's instance: a kept card has none, and the last form may have been another seller's.
      const stripe = await options.stripe(publishableKey)
      await stripe.handleNextAction({ clientSecret })
    },
    close,
  }
}
