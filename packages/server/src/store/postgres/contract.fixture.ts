import type { ContractOptions, MakeStore } from '../../testing/index.js'
import { openStore } from '../../testing/open-store.js'
import type { PostgresConnection } from './connection.js'
import { PostgresStore } from './postgres-store.js'
import { MIGRATIONS } from './sql.gen.js'

const HISTORY_LIMIT = 50

/** The contract over one connection: a schema that is emptied for each test, and a clock that can be moved. */
export function contractOver(connection: () => PostgresConnection): {
  makeStore: MakeStore
  options: ContractOptions
} {
  let isFresh = false
  const exec = async (sql: string): Promise<unknown> => connection().exec?.(sql) ?? connection().query(sql)
  const makeStore: MakeStore = async () => {
    await exec(isFresh ? emptyTables() : 'DROP SCHEMA IF EXISTS contract CASCADE')
    isFresh = true
    const store = new PostgresStore(connection(), { schema: 'contract', historyLimit: HISTORY_LIMIT })
    await openStore(store)
    let aheadMs = 0
    const advance = async (ms: number): Promise<void> => {
      aheadMs += ms
      await exec(clockAhead(aheadMs))
    }
    await advance(0)
    return { store, advance, wipe: async () => void (await exec(emptyTables())), stop: async () => {} }
  }
  const options: ContractOptions = {
    historyLimit: HISTORY_LIMIT,
    corrupt: async (_store, { clientId, currency }) => {
      isFresh = false
      // The schema itself refuses what the audit is to find.
      await exec('ALTER TABLE contract.accounts DROP CONSTRAINT conservation')
      await connection().query(
        'UPDATE contract.accounts SET available = available + 1 WHERE client_id = $1 AND currency = $2',
        [clientId, currency],
      )
    },
  }
  return { makeStore, options }
}

function emptyTables(): string {
  const sql = MIGRATIONS.map((migration) => migration.sql).join('\n')
  const tables = [...sql.matchAll(/CREATE TABLE stripe402\.(\w+)/g)].map(([, table]) => table)
  return `TRUNCATE ${tables.map((table) => `contract.${table}`).join(', ')}`
}

function clockAhead(ms: number): string {
  return `CREATE OR REPLACE FUNCTION contract.now_ms() RETURNS bigint LANGUAGE sql VOLATILE
    AS $$ SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + ${ms} $$`
}
