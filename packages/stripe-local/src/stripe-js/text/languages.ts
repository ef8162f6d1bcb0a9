import { ar } from './ar.js'
import type { CardText } from './card-text.js'
import { de } from './de.js'
import { en } from './en.js'
import { es } from './es.js'
import { fr } from './fr.js'
import { it } from './it.js'
import { ja } from './ja.js'
import { nl } from './nl.js'
import { pl } from './pl.js'
import { pt } from './pt.js'

/** A language in which the form can speak. */
export interface Language {
  /** BCP 47 tag, for `lang`, `Intl.DisplayNames` and sorting. */
  readonly tag: string
  readonly direction: 'ltr' | 'rtl'
  readonly text: CardText
}

const texts: ReadonlyMap<string, CardText> = new Map(
  Object.entries({ ar, de, en, es, fr, it, ja, nl, pl, pt }),
)

/**
 * The first of the wanted locales that the form speaks, else English.
 * `auto` and an empty string mean "the next one".
 */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split('-')[0] ?? ''
    const text = texts.get(language)
    if (text) return { tag: isTag(tag) ? tag : language, direction: language === 'ar' ? 'rtl' : 'ltr', text }
  }
  return { tag: 'en', direction: 'ltr', text: en }
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
