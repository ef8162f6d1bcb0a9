import type * as Part from './own-amount.js'

/** What only those need who want another amount than the seller's: a field, and how to read what is typed. */
let loaded: typeof Part | undefined

/** The part, when it is here already. */
export function ownAmountPart(): typeof Part | undefined {
  return loaded
}

/** Loads the part; undefined when it does not come. */
export async function loadOwnAmountPart(): Promise<typeof Part | undefined> {
  loaded ??= await import('./own-amount.js').catch(() => undefined)
  return loaded
}
