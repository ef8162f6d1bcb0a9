/** The language that everything is written in first. */
export const SOURCE_LOCALE = 'en'

/** The languages the texts are translated to; one file each in `locales/`. */
export const TARGET_LOCALES = ['ar', 'de', 'es', 'fr', 'it', 'ja', 'nl', 'pl', 'pt'] as const

const NONE: ReadonlySet<string> = new Set()

const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['ar', 'fa', 'he', 'ur'])

/** The `lang` that applies to an element: its own or its closest ancestor's, through shadow roots, else the browser's. */
export function languageOf(element: Element): string {
  for (let node: Element | null = element; node; ) {
    const lang: string | undefined = node.closest('[lang]')?.getAttribute('lang') ?? undefined
    if (lang) return lang
    const root: Node = node.getRootNode()
    node = root instanceof ShadowRoot ? root.host : null
  }
  return navigator.language
}

/**
 * The language we can speak that is closest to a BCP 47 tag.
 *
 * @param added languages that the page brought along
 */
export function closestLocale(tag: string, added: { has(language: string): boolean } = NONE): string {
  const language = tag.toLowerCase().split('-')[0] ?? ''
  const isSpoken = added.has(language) || TARGET_LOCALES.some((locale) => locale === language)
  return isSpoken ? language : SOURCE_LOCALE
}

/** The direction a language is written in. */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.has(locale.split('-')[0] ?? '') ? 'rtl' : 'ltr'
}

/**
 * The locale for amounts: the page's own region where it speaks our language ("de-CH" in German), else the language
 * of the words around the amount.
 */
export function amountLocale(tag: string, spoken: string): string {
  return tag.toLowerCase().split('-')[0] === spoken ? tag : spoken
}
