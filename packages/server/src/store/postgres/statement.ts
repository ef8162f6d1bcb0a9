import { setTimeout as sleep } from 'node:timers/promises'
import type { PostgresConnection, Row } from './connection.js'
import { isRetriable, postgresFault } from './postgres-fault.js'

/** How statements are sent. */
export interface Statements {
  connection: PostgresConnection
  /** 0 to 1, such as `Math.random`. */
  random: () => number
}

const MAX_TRIES = 6
const FIRST_PAUSE_MS = 10

/**
 * Runs one statement, which is one transaction, and again when PostgreSQL undid it in favour of another.
 *
 * The pauses grow and are random, so that two that collided do not collide again.
 *
 * @throws {@link StoreUnavailableError}
 */
export async function runStatement(
  { connection, random }: Statements,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await connection.query(text, values)
      return rows.filter(isRow)
    } catch (error) {
      if (!isRetriable(error) || attempt === MAX_TRIES) throw postgresFault(error)
      await sleep(random() * FIRST_PAUSE_MS * 2 ** attempt)
    }
  }
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null
}
