import { configureLocalization } from '@lit/localize'
import { closestLocale, SOURCE_LOCALE, TARGET_LOCALES, type TargetLocale } from './locale.js'
import { templatesOf } from './say.js'
import type { Translation } from './translation.js'

const LOADERS: Readonly<Record<TargetLocale, () => Promise<{ default: Translation }>>> = {
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

let localization: ReturnType<typeof configureLocalization> | null | undefined

/**
 * Speaks the closest language to a BCP 47 tag from now on, loading it when it is not here yet. Elements render again by
 * themselves. When a language cannot be loaded, the one before stays.
 *
 * @returns the language that is spoken now
 */
export async function speak(tag: string): Promise<string> {
  localization ??= configure()
  if (!localization) return SOURCE_LOCALE
  try {
    await localization.setLocale(closestLocale(tag))
  } catch {
    // The file of the language did not come. A dialog in English is better than none.
  }
  return localization.getLocale()
}

/** The language that is spoken now. */
export function spokenLocale(): string {
  return localization?.getLocale() ?? SOURCE_LOCALE
}

function configure(): ReturnType<typeof configureLocalization> | null {
  try {
    return configureLocalization({
      sourceLocale: SOURCE_LOCALE,
      targetLocales: TARGET_LOCALES,
      loadLocale: async (locale) => ({ templates: templatesOf((await LOADERS[closest(locale)]()).default) }),
    })
  } catch {
    // The app uses @lit/localize too and has configured it: its templates decide (see `templatesOf`).
    return null
  }
}

function closest(locale: string): TargetLocale {
  return TARGET_LOCALES.find((target) => target === locale) ?? 'de'
}
