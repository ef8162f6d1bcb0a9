// Generated from sql/*.sql by scripts/embed-sources.ts. Change the sources, not this file.

/** Migrations in the order in which they are applied. */
export const MIGRATIONS: readonly { name: string; sql: string }[] = [
]
