import type en from './locales/en.js'

/** Name of a text. */
export type MessageId = keyof typeof en

/** All texts in one language. `{0}`, `{1}` stand for the same values as in the source, in any order. */
export type Translation = Readonly<Record<MessageId, string>>
