import type { Language } from './load-locale.js'
import type { MessageId, Translation } from './translation.js'

let texts: Partial<Translation> = {}

/**
 * A text in the language that is spoken now, with its values put in. The result is plain text, never markup. Nothing is
 * said before {@link speak}.
 */
export function say(id: MessageId, ...values: readonly string[]): string {
  return (texts[id] ?? '').replace(/\{(\d)\}/g, (_, index) => values[index] ?? '')
}

/**
 * Speaks a language from now on. Each element has its own, and speaks it anew whenever it draws: nobody else does
 * before it is done.
 */
export function speak(language: Language): void {
  texts = language.texts
}
