import { addedTranslations } from './added-translations.js'
import { closestLocale, SOURCE_LOCALE } from './locale.js'
import type { Translation } from './translation.js'

type Loader = () => Promise<{ default: Translation }>

const english: Loader = () => import('./locales/en.js')
const LOADERS: Readonly<Record<string, Loader>> = {
  ar: () => import('./locales/ar.js'),
  de: () => import('./locales/de.js'),
  es: () => import('./locales/es.js'),
  fr: () => import('./locales/fr.js'),
  it: () => import('./locales/it.js'),
  ja: () => import('./locales/ja.js'),
  nl: () => import('./locales/nl.js'),
  pl: () => import('./locales/pl.js'),
  pt: () => import('./locales/pt.js'),
}

/** A language with its texts. */
export interface Language {
  readonly locale: string
  readonly texts: Partial<Translation>
}

/**
 * Loads the closest language to a BCP 47 tag. When its texts do not come, it is the language before, or English: a dialog
 * in English is better than none.
 *
 * @throws TypeError when not even English can be loaded, and there was none before
 */
export async function loadLanguage(tag: string, before?: Language): Promise<Language> {
  const locale = closestLocale(tag, addedTranslations)
  try {
    const texts = await (LOADERS[locale] ?? english)()
    return { locale, texts: { ...texts.default, ...addedTranslations.get(locale) } }
  } catch {
    return before ?? { locale: SOURCE_LOCALE, texts: (await english()).default }
  }
}
