import type * as Part from './bar.js'

/** What stands at the edge of the page: the question of what nobody clicked for, and what is told while no dialog is open. */
let loaded: typeof Part | undefined

/** The part, when it is here already. */
export function barPart(): typeof Part | undefined {
  return loaded
}

/** Loads the part; undefined when it does not come, and then a dialog asks, and nothing is told. */
export async function loadBarPart(): Promise<typeof Part | undefined> {
  loaded ??= await import('./bar.js').catch(() => undefined)
  return loaded
}
