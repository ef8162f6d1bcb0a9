import { describeValue, IntegrationError } from './integration-error.js'

/** A function that wants to hear of an event. */
export type Listener = (event: unknown) => unknown

/** The `on`, `once` and `off` of Elements and Element groups. */
export class EventEmitter {
  readonly #listeners = new Map<string, Set<Listener>>()
  readonly #once = new WeakSet<Listener>()
  readonly #events: readonly string[]

  constructor(events: readonly string[]) {
    this.#events = events
  }

  /** @throws IntegrationError for an event that does not exist or a handler that is not a function. */
  on(event: unknown, listener: unknown): void {
    const { name, handler } = this.#check(event, listener)
    const listeners = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, listeners.add(handler))
  }

  once(event: unknown, listener: unknown): void {
    const { name, handler } = this.#check(event, listener)
    const wrapper: Listener = (payload) => handler(payload)
    this.#once.add(wrapper)
    this.on(name, wrapper)
  }

  /** Without a handler, forgets all of the event's. */
  off(event: string, listener?: Listener): void {
    if (listener) this.#listeners.get(event)?.delete(listener)
    else this.#listeners.delete(event)
  }

  emit(event: string, payload: unknown): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      if (this.#once.has(listener)) this.off(event, listener)
      try {
        listener(payload)
      } catch (error) {
        // A page's broken handler must not stop the others, and must still reach the page's error reporting.
        reportError(error)
      }
    }
  }

  #check(event: unknown, listener: unknown): { name: string; handler: Listener } {
    if (typeof event !== 'string' || !this.#events.includes(event)) {
      throw new IntegrationError(
        `Invalid value for on(): event should be one of the following strings: ${this.#events.join(', ')}. You specified: ${describeValue(event)}.`,
      )
    }
    if (typeof listener !== 'function') {
      throw new IntegrationError(
        `Invalid value for on(): handler should be a function. You specified: ${describeValue(listener)}.`,
      )
    }
    return { name: event, handler: (payload) => Reflect.apply(listener, undefined, [payload]) }
  }
}
