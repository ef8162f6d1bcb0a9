import { speak } from './load-locale.js'
import { languageOf } from './locale.js'

/** The language of the place an element stands in. */
export interface FollowedLanguage {
  /** BCP 47 tag of the closest `lang`. */
  readonly tag: string
  /** Follows again after {@link FollowedLanguage.stop}. */
  start(): void
  stop(): void
}

/**
 * Speaks the language of the place an element stands in, and follows a change of the page's `lang`. Resolves when there
 * is a language to speak.
 *
 * @param onChange called whenever another language is spoken from then on
 * @throws TypeError when no language can be loaded
 */
export async function followLanguage(element: Element, onChange: () => void): Promise<FollowedLanguage> {
  let tag = languageOf(element)
  const observer = new MutationObserver(look)
  await speak(tag)

  function look(): void {
    tag = languageOf(element)
    void speak(tag).then(onChange)
  }

  function start(): void {
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['lang'] })
    if (languageOf(element) !== tag) look()
  }

  // An element that has left while the texts came is heard of again when it is back.
  if (element.isConnected) start()
  return {
    get tag() {
      return tag
    },
    start,
    stop: () => observer.disconnect(),
  }
}
