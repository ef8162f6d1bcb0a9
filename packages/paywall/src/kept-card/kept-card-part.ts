import type * as Part from './kept-card.js'

/** What only sellers need who keep cards: the question, the answer, and the card that comes of it. */
let loaded: typeof Part | undefined

/** The part, when it is here already. */
export function keptCardPart(): typeof Part | undefined {
  return loaded
}

/** Loads the part; undefined when it does not come, and then no card is kept nor found. */
export async function loadKeptCardPart(): Promise<typeof Part | undefined> {
  loaded ??= await import('./kept-card.js').catch(() => undefined)
  return loaded
}
