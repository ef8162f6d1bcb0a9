import type { Row } from './connection.js'
import { onlyRow, readInteger } from './rows.js'

const AT_ONCE = 10_000
/** A million in one sweep, which is more than 60,000 requests a second leave behind in the time between two. */
const MOST_BATCHES = 100

/**
 * Deletes what need not be known any more: short statements, one after the other, so that nothing is locked for long. What is
 * left after very many, the next sweep forgets.
 */
export async function forgetAll(forget: (values: unknown[]) => Promise<Row[]>): Promise<void> {
  for (let batches = 0; batches < MOST_BATCHES; batches += 1) {
    const { forgotten } = onlyRow(await forget([AT_ONCE]))
    if (readInteger(forgotten) < AT_ONCE) return
  }
}
