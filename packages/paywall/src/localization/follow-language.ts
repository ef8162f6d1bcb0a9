import { loadLanguage } from './load-locale.js'
import { languageOf } from './locale.js'
import { speak } from './say.js'

/** The language of the place an element stands in. */
export interface FollowedLanguage {
  /** BCP 47 tag of the closest `lang`. */
  readonly tag: string
  /** The language that is spoken for it. */
  readonly locale: string
  /** Speaks it until another element does: to be called before each drawing. */
  speak(): void
  /** Follows again after {@link FollowedLanguage.stop}. */
  start(): void
  stop(): void
}

/**
 * Finds the language of the place an element stands in, and follows a change of the page's `lang`. Resolves when there
 * is a language to speak.
 *
 * @param onChange called whenever it is another one from then on
 * @throws TypeError when no language can be loaded
 */
export async function followLanguage(element: Element, onChange: () => void): Promise<FollowedLanguage> {
  let tag = languageOf(element)
  const observer = new MutationObserver(look)
  let language = await loadLanguage(tag)

  async function look(): Promise<void> {
    const wanted = languageOf(element)
    tag = wanted
    const loaded = await loadLanguage(wanted, language)
    // Another language was asked for while this one was on its way.
    if (tag !== wanted) return
    language = loaded
    onChange()
  }

  function start(): void {
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] })
    if (languageOf(element) !== tag) void look()
  }

  // An element that has left while the texts came is heard of again when it is back.
  if (element.isConnected) start()
  return {
    get tag() {
      return tag
    },
    get locale() {
      return language.locale
    },
    speak: () => speak(language),
    start,
    stop: () => observer.disconnect(),
  }
}
