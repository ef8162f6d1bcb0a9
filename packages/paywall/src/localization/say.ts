import { msg, str } from '@lit/localize'
import en from './locales/en.js'
import type { MessageId, Translation } from './translation.js'

/** An app that configured `@lit/localize` itself shares its map of templates with us. */
const PREFIX = 'stripe402:'

/** A text in the language that is spoken now, with its values put in. The result is plain text, never markup. */
export function say(id: MessageId, ...values: readonly string[]): string {
  const { strings, order } = split(en[id])
  return msg(str(strings, ...order.map((index) => values[index])), { id: PREFIX + id })
}

/**
 * A translation as the templates of `@lit/localize`. For an app that calls `configureLocalization` itself: spread the
 * result into the templates of its own locale.
 */
export function templatesOf(translation: Translation): Record<string, ReturnType<typeof str>> {
  const entries = Object.entries(translation).map(([id, text]) => {
    const { strings, order } = split(text)
    return [PREFIX + id, str(strings, ...order)] as const
  })
  return Object.fromEntries(entries)
}

function split(text: string): { strings: TemplateStringsArray; order: number[] } {
  const parts = text.split(/\{(\d)\}/)
  const strings = parts.filter((_, index) => index % 2 === 0)
  const order = parts.filter((_, index) => index % 2 === 1).map(Number)
  return { strings: Object.assign(strings, { raw: strings }), order }
}
