/** What the store needs of a connection: a `pg` Pool has it, and so has PGlite. */
export interface PostgresConnection {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>
  /** Runs several statements at once; PGlite does so only here, `pg` in `query`. */
  exec?(text: string): Promise<unknown>
}

/** One row by column name. */
export type Row = Readonly<Record<string, unknown>>
