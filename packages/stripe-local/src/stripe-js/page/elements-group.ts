import type { JsonObject } from '../wire/json.js'
import { StripeElement } from './element.js'
import type { ElementType } from './element-options.js'
import { readElementsOptions } from './elements-options.js'
import { EventEmitter, type Listener } from './event-emitter.js'
import { describeValue, IntegrationError } from './integration-error.js'
import type { StripeContext } from './stripe-context.js'

const drawn: readonly ElementType[] = ['payment', 'card']

/** What the group answers to a method that needs the form's data. */
export interface SubmittedForm {
  readonly element: StripeElement
  readonly options: JsonObject
}

/** An instance of `stripe.elements()`: the options that its Elements share, and one Element of each type at most. */
export class StripeElements {
  readonly #context: StripeContext
  readonly #emitter = new EventEmitter(['update-end'])
  readonly #elements = new Map<ElementType, StripeElement>()
  #options: JsonObject
  #isSubmitted = false

  constructor(context: StripeContext, options: unknown) {
    this.#context = context
    this.#options = readElementsOptions(options, 'elements()')
  }

  /** @throws IntegrationError for a type that is unknown, removed, or already there. */
  create(type: unknown, options?: unknown): StripeElement {
    if (type === 'paymentRequestButton') {
      throw new IntegrationError(
        'elements.create(): The paymentRequestButton Element is no longer supported. Use the Express Checkout Element instead.',
      )
    }
    const known = drawn.find((candidate) => candidate === type)
    if (!known) {
      throw new IntegrationError(
        `A valid Element name must be provided. Valid Elements are:\n  ${drawn.join(', ')}; you passed: ${describeValue(type)}.`,
      )
    }
    if (this.#elements.has(known)) throw new IntegrationError(`Can only create one Element of type ${known}.`)
    if (known === 'payment') this.#refuseWithoutIntent()
    const element = new StripeElement(known, this.#groupForElements(), options)
    this.#elements.set(known, element)
    return element
  }

  getElement(type: unknown): StripeElement | null {
    const known = drawn.find((candidate) => candidate === type)
    return (known && this.#elements.get(known)) ?? null
  }

  /** Rejects with an IntegrationError, and changes nothing, when the merged options are not valid. */
  async update(options: unknown): Promise<void> {
    this.#options = readElementsOptions(options, 'update()', this.#options)
    await Promise.all([...this.#elements.values()].map((element) => StripeElement.refresh(element)))
    this.#emitter.emit('update-end', undefined)
  }

  /** Validates the Payment Element and shows what is wrong. Rejects with an IntegrationError when none is mounted. */
  async submit(): Promise<JsonObject> {
    const result = await StripeElement.request(this.#mountedPayment('elements.submit()'), 'validate')
    this.#isSubmitted = true
    return 'error' in result ? { error: result.error } : { selectedPaymentMethod: 'card' }
  }

  async fetchUpdates(): Promise<JsonObject> {
    if (this.#options.clientSecret !== undefined) return {}
    throw new IntegrationError('elements.fetchUpdates() needs an Elements instance with a clientSecret.')
  }

  on(event: unknown, handler: unknown): this {
    this.#emitter.on(event, handler)
    return this
  }

  once(event: unknown, handler: unknown): this {
    this.#emitter.once(event, handler)
    return this
  }

  off(event: string, handler?: Listener): this {
    this.#emitter.off(event, handler)
    return this
  }

  /**
   * The form of a group whose `submit()` was called since the last edit and the last use. Not for pages.
   *
   * @throws IntegrationError as Stripe does when `submit()` was forgotten.
   */
  static takeSubmitted(group: StripeElements, method: string): SubmittedForm {
    const element = group.#mountedPayment(`stripe.${method}`)
    if (!group.#isSubmitted) {
      throw new IntegrationError(
        `elements.submit() must be called before ${method}. Call elements.submit() as soon as your customer presses pay, prior to any asynchronous work. Integration guide: https://stripe.com/docs/payments/accept-a-payment-deferred`,
      )
    }
    group.#isSubmitted = false
    return { element, options: group.#options }
  }

  #mountedPayment(method: string): StripeElement {
    const payment = this.#elements.get('payment')
    if (payment && StripeElement.isMounted(payment, 'payment')) return payment
    throw new IntegrationError(
      `Invalid value for ${method}: elements should have a mounted Payment Element or Express Checkout Element.`,
    )
  }

  #refuseWithoutIntent(): void {
    if (this.#options.mode !== undefined || this.#options.clientSecret !== undefined) return
    throw new IntegrationError(
      'In order to create a payment element, you must pass a clientSecret or mode when creating the Elements group.',
    )
  }

  #groupForElements(): ConstructorParameters<typeof StripeElement>[1] {
    const { origins, publishableKey, locale } = this.#context
    return {
      scriptOrigin: origins.script,
      apiOrigin: origins.api,
      publishableKey,
      locales: () => [String(this.#options.locale ?? 'auto'), locale, ...navigator.languages],
      appearance: () => this.#options.appearance,
      onInput: (type) => {
        if (type === 'payment') this.#isSubmitted = false
      },
      onDestroy: (type) => this.#elements.delete(type),
    }
  }
}
