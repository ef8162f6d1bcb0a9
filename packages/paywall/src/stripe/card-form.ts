import type { Stripe, StripeElementLocale, StripeError } from '@stripe/stripe-js'
import type { Problem } from '../state/problem.js'
import { appearanceOf } from './appearance.js'
import type { NamedCard } from './card-name.js'

/** What a card form is made for. `amountMinor` is in Stripe's minor unit. */
export interface CardFormOptions {
  node: HTMLElement
  amountMinor: number
  currency: string
  /** Carries the palette as computed colours. */
  probe: Element
  locale: string
  onReady: () => void
  onLoadError: (error: StripeError) => void
  onEscape: () => void
}

/** What becomes of the card that a person typed. */
export type CardResult =
  | { ok: true; paymentMethodId: string; card: NamedCard | undefined }
  /** What is missing, Stripe marks in its field itself. */
  | { ok: false; problem: Problem }

const INCOMPLETE: CardResult = { ok: false, problem: { kind: 'incomplete' } }

/** A mounted Payment Element. */
export interface CardForm {
  /**
   * Makes a new PaymentMethod from what is in the form: an unattached one can be tried once only.
   *
   * @param onComplete called when nothing is missing; until then Stripe may put the focus into a field
   */
  createPaymentMethod(onComplete: () => void): Promise<CardResult>
  setAmount(amountMinor: number): void
  setLook(probe: Element, locale: string): void
  destroy(): void
}

/** Mounts Stripe's Payment Element, for cards only, into a node of the light DOM. */
export function mountCardForm(stripe: Stripe, options: CardFormOptions): CardForm {
  const elements = stripe.elements({
    mode: 'payment',
    amount: options.amountMinor,
    currency: options.currency,
    paymentMethodCreation: 'manual',
    allowedPaymentMethodTypes: ['card'],
    appearance: appearanceOf(options.probe),
    locale: stripeLocale(options.locale),
    // The dialog shows a skeleton of its own, at the final height.
    loader: 'never',
  })
  const element = elements.create('payment', {
    layout: 'tabs',
    wallets: { link: 'never' },
    terms: { card: 'never' },
  })
  element.on('ready', options.onReady)
  element.on('loaderror', ({ error }) => options.onLoadError(error))
  element.on('escape', options.onEscape)
  element.mount(options.node)
  return {
    async createPaymentMethod(onComplete) {
      // https://docs.stripe.com/payments/accept-a-payment-deferred : submit() validates before the form is read.
      const { error: invalid } = await elements.submit()
      if (invalid) return INCOMPLETE
      onComplete()
      const { paymentMethod, error } = await stripe.createPaymentMethod({ elements })
      if (paymentMethod) return { ok: true, paymentMethodId: paymentMethod.id, card: paymentMethod.card }
      if (error?.type === 'validation_error') return INCOMPLETE
      return { ok: false, problem: { kind: 'card', message: error?.message ?? '' } }
    },
    setAmount: (amount) => void elements.update({ amount }),
    setLook(probe, locale) {
      void elements.update({ appearance: appearanceOf(probe), locale: stripeLocale(locale) })
    },
    destroy: () => element.destroy(),
  }
}

/** Without those that are their language's own, such as `fr-FR`. */
const STRIPE_LOCALE =
  /^(ar|bg|cs|d[ae]|el|en(-(AU|CA|NZ|GB))?|es(-419)?|et|fil?|fr(-CA)?|h[eru]|i[dt]|ja|ko|l[tv]|m[st]|n[blo]|pl|pt(-BR)?|r[ou]|s[klv]|t[hr]|vi|zh(-(HK|TW))?)$/

/** The closest locale that Stripe speaks. An unknown one makes `elements()` warn and fall back by itself. */
function stripeLocale(tag: string): StripeElementLocale {
  return [tag, tag.split('-')[0] ?? ''].find(isStripeLocale) ?? 'auto'
}

function isStripeLocale(tag: string): tag is StripeElementLocale {
  return STRIPE_LOCALE.test(tag)
}
