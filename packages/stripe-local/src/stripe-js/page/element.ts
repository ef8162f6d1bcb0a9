import type { CardFormSetup } from '../wire/card-form-setup.js'
import { isObject, type JsonObject, objectAt, textAt } from '../wire/json.js'
import {
  cardSetup,
  type ElementType,
  neverFields,
  paymentSetup,
  readElementOptions,
} from './element-options.js'
import { EventEmitter, type Listener } from './event-emitter.js'
import { IntegrationError } from './integration-error.js'
import { findMountTarget } from './mount-target.js'
import { type MountedForm, mountForm } from './mounted-form.js'

/** What an Element needs from the group that made it. */
export interface ElementGroup {
  readonly scriptOrigin: string
  readonly publishableKey: string
  readonly apiOrigin: string
  readonly locales: () => readonly string[]
  readonly appearance: () => unknown
  /** The person changed something in the form. */
  readonly onInput: (type: ElementType) => void
  readonly onDestroy: (type: ElementType) => void
}

const events = [
  ...['ready', 'loaderstart', 'change', 'focus', 'blur', 'escape', 'loaderror', 'networkschange'],
  ...['carddetailschange', 'savedpaymentmethodupdate', 'savedpaymentmethodremove'],
  'availablepaymentmethodschange',
]

const defaultClasses = {
  base: 'StripeElement',
  complete: 'StripeElement--complete',
  empty: 'StripeElement--empty',
  focus: 'StripeElement--focus',
  invalid: 'StripeElement--invalid',
} as const

/** One Element: a card form that the page can mount, hear and ask, but never read. */
export class StripeElement {
  readonly #type: ElementType
  readonly #group: ElementGroup
  readonly #emitter = new EventEmitter(events)
  #options: JsonObject
  #form: MountedForm | null = null
  #lastChange = ''
  #isDestroyed = false

  constructor(type: ElementType, group: ElementGroup, options: unknown) {
    this.#type = type
    this.#group = group
    this.#options = readElementOptions(type, options, 'create()')
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

  /** @throws IntegrationError for a node that Stripe.js does not mount into. */
  mount(target: unknown): void {
    this.#refuseDestroyed()
    const container = findMountTarget(target)
    if (this.#form?.container === container) return
    if (this.#form) {
      throw new IntegrationError(
        'This Element is already mounted. Use `unmount()` to unmount the Element before re-mounting.',
      )
    }
    if (container.hasChildNodes()) {
      console.warn('This Element will be mounted to a DOM element that contains child nodes.')
    }
    this.#lastChange = ''
    this.#form = mountForm({
      container,
      scriptOrigin: this.#group.scriptOrigin,
      setup: () => this.#setup(),
      onEvent: (kind, payload) => this.#hear(kind, payload),
    })
    this.#mark({ base: true, empty: true })
    if (this.#type === 'payment') queueMicrotask(() => this.#emit('loaderstart'))
  }

  unmount(): void {
    this.#refuseDestroyed()
    this.#mark({ base: false, complete: false, empty: false, focus: false, invalid: false })
    this.#form?.close()
    this.#form = null
  }

  destroy(): void {
    this.unmount()
    this.#isDestroyed = true
    this.#group.onDestroy(this.#type)
  }

  update(options: unknown): this {
    this.#refuseDestroyed()
    Object.assign(this.#options, readElementOptions(this.#type, options, 'update()'))
    void StripeElement.refresh(this)
    return this
  }

  focus(): void {
    this.#refuseDestroyed()
    this.#form?.tell('focus')
  }

  blur(): void {
    this.#refuseDestroyed()
    this.#form?.tell('blur')
  }

  clear(): void {
    this.#refuseDestroyed()
    this.#form?.tell('clear')
  }

  /** A form with one payment method has no tabs to collapse into. */
  collapse(): this {
    this.#refuseDestroyed()
    return this
  }

  /** Whether the Element is a form of this kind that stands in the page. Not for pages. */
  static isMounted(element: StripeElement, type: ElementType): boolean {
    return element.#type === type && element.#form !== null
  }

  /** Asks the form inside the frame for something. Not for pages. @throws IntegrationError when it is not mounted. */
  static async request(element: StripeElement, action: string, params?: unknown): Promise<JsonObject> {
    if (!element.#form) {
      throw new IntegrationError(
        'We could not retrieve data from the specified Element. Please make sure the Element you are attempting to use is still mounted.',
      )
    }
    return element.#form.request(action, params)
  }

  /** Brings the form up to date with its options and its group's. Not for pages. */
  static async refresh(element: StripeElement): Promise<void> {
    await element.#form?.request('update', element.#setup())
  }

  /** Billing details that the page promised to pass by itself. Not for pages. */
  static neverFields(element: StripeElement): readonly string[] {
    return neverFields(element.#options)
  }

  #setup(): CardFormSetup {
    const { publishableKey, apiOrigin } = this.#group
    const own =
      this.#type === 'card' ? cardSetup(this.#options) : paymentSetup(this.#options, this.#group.appearance())
    return { variant: this.#type, publishableKey, apiOrigin, locales: this.#group.locales(), ...own }
  }

  #hear(kind: string, payload: unknown): void {
    if (kind === 'focus' || kind === 'blur') this.#mark({ focus: kind === 'focus' })
    if (kind === 'change' && isObject(payload)) this.#change(payload)
    else if (kind === 'enter') this.#form?.container.closest('form')?.requestSubmit()
    else if (kind === 'loaderror') this.#emit('loaderror', { error: this.#blockedFrame() })
    else if (events.includes(kind)) this.#emit(kind)
  }

  #blockedFrame(): JsonObject {
    const message = `Unable to load ${this.#group.scriptOrigin}: the frame of the Element did not answer.`
    return { type: 'api_connection_error', message }
  }

  #change(state: JsonObject): void {
    this.#group.onInput(this.#type)
    this.#mark({
      complete: state.complete === true,
      empty: state.empty === true,
      invalid: state.error !== undefined,
    })
    const { error: _shownInTheFrame, ...payment } = state
    const event = this.#type === 'payment' ? { collapsed: false, ...payment } : state
    const text = JSON.stringify(event)
    if (text === this.#lastChange) return
    this.#lastChange = text
    this.#emit('change', event)
  }

  #emit(event: string, members: JsonObject = {}): void {
    this.#emitter.emit(event, { elementType: this.#type, ...members })
  }

  #mark(states: Partial<Record<keyof typeof defaultClasses, boolean>>): void {
    const own = objectAt(this.#options, 'classes')
    for (const [state, name] of Object.entries(defaultClasses)) {
      const isOn = Object.entries(states).find(([key]) => key === state)?.[1]
      if (isOn === undefined) continue
      for (const word of (textAt(own, state) ?? name).split(' ')) {
        this.#form?.container.classList.toggle(word, isOn)
      }
    }
  }

  #refuseDestroyed(): void {
    if (!this.#isDestroyed) return
    throw new IntegrationError('This Element has already been destroyed. Please create a new one.')
  }
}
