import type { Row } from './connection.js'
import { onlyRow, readInteger } from './rows.js'

/** So many rows in one statement, so that nothing is locked for long. */
export const FORGOTTEN_AT_ONCE = 10_000
/** A million in one sweep, which is more than 60,000 requests a second leave behind in the time between two. */
const MOST_BATCHES = 100

/**
 * Deletes what need not be known any more, as long as the statement before found as much as it may take. What is left after
 * very many, the next sweep forgets.
 */
export async function forgetRest(
  before: number,
  forget: (values: unknown[]) => Promise<Row[]>,
): Promise<void> {
  let last = before
  for (let batches = 1; last === FORGOTTEN_AT_ONCE && batches < MOST_BATCHES; batches += 1)
    last = readInteger(onlyRow(await forget([FORGOTTEN_AT_ONCE])).forgotten)
}
