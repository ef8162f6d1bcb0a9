import type { PostgresConnection } from './connection.js'
import { postgresFault } from './postgres-fault.js'
import { MIGRATIONS } from './sql.gen.js'

/**
 * Brings the schema up to date. Any number of processes may do so at once.
 *
 * One text of several statements is one transaction: the advisory lock lets processes through one by one, and each
 * sees what the one before it has done. Nothing is left behind when a process dies in between.
 *
 * @param schema - An identifier that needs no quotes.
 */
export async function migrate(connection: PostgresConnection, schema: string): Promise<void> {
  try {
    // Without this look an application that may not create anything could not start.
    if (await isUpToDate(connection, schema)) return
    const text = migrationText(schema)
    await (connection.exec ? connection.exec(text) : connection.query(text))
  } catch (error) {
    throw postgresFault(error)
  }
}

/** The sources with another schema name in place of `stripe402`. */
export function inSchema(sql: string, schema: string): string {
  return sql.replace(/\bstripe402\./g, `${schema}.`)
}

async function isUpToDate(connection: PostgresConnection, schema: string): Promise<boolean> {
  const table = await connection.query('SELECT to_regclass($1) IS NOT NULL AS exists', [
    `${schema}.migrations`,
  ])
  if (!table.rows.some((row) => isFlagged(row))) return false
  const names = MIGRATIONS.map(({ name }) => name)
  const applied = await connection.query(
    `SELECT count(*) = ${names.length} AS exists FROM ${schema}.migrations WHERE name = ANY($1)`,
    [names],
  )
  return applied.rows.some((row) => isFlagged(row))
}

function isFlagged(row: unknown): boolean {
  return typeof row === 'object' && row !== null && 'exists' in row && row.exists === true
}

function migrationText(schema: string): string {
  const steps = MIGRATIONS.map(
    ({ name, sql }) => `
DO $migration$ BEGIN
  IF NOT EXISTS (SELECT FROM ${schema}.migrations WHERE name = '${name}') THEN
    INSERT INTO ${schema}.migrations (name) VALUES ('${name}');
    EXECUTE $source$${inSchema(sql, schema)}$source$;
  END IF;
END $migration$;`,
  )
  return `
SELECT pg_advisory_xact_lock(402, hashtext('${schema}'));
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.migrations (
  name text PRIMARY KEY,
  applied_at timestamptz NOT NULL DEFAULT now()
);
${steps.join('\n')}`
}
