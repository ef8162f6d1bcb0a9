import { addedTranslations } from './added-translations.js'
import { closestLocale, SOURCE_LOCALE } from './locale.js'
import { useTexts } from './say.js'
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

let spoken = ''
let wanted = ''

/**
 * Speaks the closest language to a BCP 47 tag from now on, loading its texts when they are not here yet. When they do
 * not come, the language before stays, or English: a dialog in English is better than none.
 *
 * @throws TypeError when not even English can be loaded, and nothing was spoken before
 */
export async function speak(tag: string): Promise<void> {
  const locale = closestLocale(tag, addedTranslations)
  wanted = locale
  const load = LOADERS[locale] ?? english
  const texts = await load()
    .then((module) => ({ ...module.default, ...addedTranslations.get(locale) }))
    .catch(() => null)
  // Another language was asked for while this one was on its way.
  if (wanted !== locale) return
  if (texts) {
    useTexts(texts)
    spoken = locale
  } else if (spoken === '') {
    useTexts((await english()).default)
    spoken = SOURCE_LOCALE
  }
}

/** The language that is spoken now. */
export function spokenLocale(): string {
  return spoken || SOURCE_LOCALE
}
