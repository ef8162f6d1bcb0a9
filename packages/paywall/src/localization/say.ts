import type { MessageId, Translation } from './translation.js'

let texts: Partial<Translation> = {}

/**
 * A text in the language that is spoken now, with its values put in. The result is plain text, never markup. Nothing is
 * spoken before `speak` has loaded a language.
 */
export function say(id: MessageId, ...values: readonly string[]): string {
  return (texts[id] ?? '').replace(/\{(\d)\}/g, (_, index) => values[index] ?? '')
}

/** Speaks these texts from now on. */
export function useTexts(translation: Partial<Translation>): void {
  texts = translation
}
