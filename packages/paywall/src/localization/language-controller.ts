import type { ReactiveController, ReactiveControllerHost } from 'lit'
import { speak, spokenLocale } from './load-locale.js'
import { amountLocale, languageOf } from './locale.js'

/** Speaks the language of the place an element stands in, and follows a change of the page's `lang`. */
export class LanguageController implements ReactiveController {
  /** BCP 47 tag of the closest `lang`. */
  tag = 'en'
  readonly #host: ReactiveControllerHost & Element
  readonly #onChange: () => void
  #observer: MutationObserver | undefined

  /** @param onChange called when another language is spoken or asked for */
  constructor(host: ReactiveControllerHost & Element, onChange: () => void = () => {}) {
    this.#host = host
    this.#onChange = onChange
    host.addController(this)
  }

  /** The locale that amounts are written in. */
  get amountLocale(): string {
    return amountLocale(this.tag, spokenLocale())
  }

  hostConnected(): void {
    this.#observer = new MutationObserver(() => this.refresh())
    this.#observer.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] })
    this.refresh()
  }

  hostDisconnected(): void {
    this.#observer?.disconnect()
  }

  /** Looks the language up again. */
  refresh(): void {
    const tag = languageOf(this.#host)
    const isNew = tag !== this.tag
    this.tag = tag
    void speak(tag).then(() => {
      this.#host.requestUpdate()
      if (isNew) this.#onChange()
    })
  }
}
