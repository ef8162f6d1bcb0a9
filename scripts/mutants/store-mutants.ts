import type { Mutant } from './mutant.js'

const STORE = 'packages/server/src/store'
const LUA = `${STORE}/redis/lua`
const SQL = `${STORE}/postgres/sql`
const ON_MEMORY = [`${STORE}/memory-store.test.ts`]
const ON_REDIS = [`${STORE}/redis/redis-store.test.ts`]
const ON_POSTGRES = [`${STORE}/postgres/pglite.test.ts`, `${STORE}/postgres/postgres-store.test.ts`]

/** Breakages of what a store promises, in each of them. */
export const STORE_MUTANTS: readonly Mutant[] = [
  {
    name: 'Redis credits a payment twice',
    rule: 'one credit function',
    file: `${LUA}/credit.lua`,
    find: "redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1",
    replace: 'false',
    tests: ON_REDIS,
  },
  {
    name: 'Redis opens two top-ups',
    rule: 'one open top-up per account and currency',
    file: `${LUA}/prepare-top-up.lua`,
    find: 'if open then',
    replace: 'if false then',
    tests: ON_REDIS,
  },
  {
    name: 'Redis spends below zero',
    rule: 'available is never below zero',
    file: `${LUA}/lib/hold.lua`,
    find: "  if account.available < wish.units then\n    return is_opened(keys) and 'insufficient'",
    replace: "  if account.available < -1e9 then\n    return is_opened(keys) and 'insufficient'",
    tests: ON_REDIS,
  },
  {
    name: 'Redis takes a second run for a first one',
    rule: 'every change carries an operation id',
    file: `${LUA}/lib/hold.lua`,
    find: "if state == 'held' and has_run(operation, wish.run) then return 'held', '' end",
    replace: '',
    tests: ON_REDIS,
  },
  {
    name: 'Redis captures twice',
    rule: 'served, captured once',
    file: `${LUA}/capture.lua`,
    find: "if operation and operation.state == 'captured' then return 'already_captured' end",
    replace: '',
    tests: ON_REDIS,
  },
  {
    name: 'Redis keeps holds for ever',
    rule: 'no hold outlives its time',
    file: `${LUA}/lib/operation.lua`,
    find: "operation.state == 'held' and operation.expires_at <= now then",
    replace: "operation.state == 'held' and operation.expires_at <= 0 then",
    tests: ON_REDIS,
  },
  {
    name: 'Redis lets the last word of a refund win, whatever its rank',
    rule: 'merging is free of order',
    file: `${LUA}/debit.lua`,
    find: 'if tonumber(rank) >= tonumber(ARGV[2]) then',
    replace: 'if tonumber(rank) == tonumber(ARGV[2]) then',
    tests: ON_REDIS,
  },
  {
    name: 'too few replicas are enough',
    rule: 'a failed WAIT is unknown',
    file: `${STORE}/redis/script-runner.ts`,
    find: 'if (acknowledged < count)',
    replace: 'if (acknowledged < 0)',
    tests: [`${STORE}/redis/script-runner.test.ts`, `${STORE}/redis/cluster.test.ts`],
  },
  {
    name: 'a purchase leaves an account without a grave',
    rule: 'one open top-up per account and currency',
    file: `${LUA}/retire-purchase.lua`,
    find: "redis.call('HSET', KEYS[1], 'status', 'moved', 'attempt', ARGV[1])",
    replace: '',
    tests: [`${STORE}/redis/purchase-route.test.ts`],
  },
  {
    name: 'PostgreSQL credits a payment twice',
    rule: 'one credit function',
    file: `${SQL}/003-money.sql`,
    find: "  IF NOT FOUND THEN\n    outcome := 'already_credited';",
    replace: "  IF false THEN\n    outcome := 'already_credited';",
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL opens two top-ups',
    rule: 'one open top-up per account and currency',
    file: `${SQL}/001-tables.sql`,
    find: 'CREATE UNIQUE INDEX one_open_top_up',
    replace: 'CREATE INDEX one_open_top_up',
    survives:
      'the account is locked while its open top-up is looked for, so the index is a second lock on the same door: it would hold if the first were forgotten',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL does not look for an open top-up',
    rule: 'one open top-up per account and currency',
    file: `${SQL}/003-money.sql`,
    find: "AND p.status IN ('prepared', 'intent_saved', 'requires_action');\n    IF FOUND THEN",
    replace: "AND p.status IN ('prepared', 'intent_saved', 'requires_action');\n    IF false THEN",
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL releases what was captured',
    rule: 'served, captured once',
    file: `${SQL}/002-spending.sql`,
    find: "IF op.state IS DISTINCT FROM 'held' OR run IN",
    replace: 'IF op.state IS NULL OR run IN',
    tests: ON_POSTGRES,
  },
  {
    name: 'a deadlock is an answer',
    rule: 'a transaction that was undone is tried again',
    file: `${STORE}/postgres/postgres-fault.ts`,
    find: "return ['40P01', '40001'].includes(codeOf(error))",
    replace: 'return false',
    tests: [`${STORE}/postgres/statement.test.ts`],
  },
  {
    name: 'memory holds for a frozen account',
    rule: 'a frozen account spends nothing',
    file: `${STORE}/memory/spending.ts`,
    find: "if (isFrozen(record)) return answer('frozen')",
    replace: '',
    tests: ON_MEMORY,
  },
  {
    name: 'Redis opens data that were not meant',
    rule: 'a blank store sells nothing',
    file: `${LUA}/open-shard.lua`,
    find: "redis.call('GET', KEYS[2]) ~= ARGV[1]",
    replace: "redis.call('GET', KEYS[2]) == ''",
    tests: ON_REDIS,
  },
  {
    name: 'PostgreSQL opens data that were not meant',
    rule: 'a blank store sells nothing',
    file: `${SQL}/018-blank-data.sql`,
    find: ' WHERE data_id = meant',
    replace: '',
    tests: ON_POSTGRES,
  },
]
