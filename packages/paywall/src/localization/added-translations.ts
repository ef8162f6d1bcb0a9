import type { Translation } from './translation.js'

/** Texts that the page brought along, by language. */
export const addedTranslations: Map<string, Partial<Translation>> = new Map()

/**
 * Teaches the elements a language, or other words for one that they speak. Texts that are left out stay as they are,
 * in English where the language is new. Call it before the elements are shown.
 *
 * @param language BCP 47 language without region, such as `fi`
 */
export function addTranslation(language: string, texts: Partial<Translation>): void {
  addedTranslations.set(language.toLowerCase(), texts)
}
