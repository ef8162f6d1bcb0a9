import type { Mutant } from './mutant.js'

const STORE = 'packages/server/src/store'
const MEMORY = `${STORE}/memory/spending.ts`
const LUA = `${STORE}/redis/lua`
const SQL = `${STORE}/postgres/sql`
const SQL_SPENDING = `${SQL}/019-bought-prices.sql`
const ON_MEMORY = [`${STORE}/memory-store.test.ts`]
const ON_REDIS = [`${STORE}/redis/redis-store.test.ts`]
const ON_POSTGRES = [`${STORE}/postgres/pglite.test.ts`, `${STORE}/postgres/postgres-store.test.ts`]

const TWICE = 'a request runs twice at most for one price'
const NOT_BURNT = 'insufficient funds does not burn an id'
const NOT_DEARER = 'what was paid holds for what costs no more'
const NOT_FROZEN = 'a frozen account spends nothing'
const ERA = 'who was signed out spends nothing'

/** Breakages of how each store decides a wish to spend, and ends it. */
export const SPENDING_MUTANTS: readonly Mutant[] = [
  {
    name: 'memory lets a request run three times',
    rule: TWICE,
    file: MEMORY,
    find: 'operation.runs.length >= MAX_RUNS || ',
    replace: '',
    tests: ON_MEMORY,
  },
  {
    name: 'memory burns the id of a wish without credit',
    rule: NOT_BURNT,
    file: MEMORY,
    find: "  if (record.available < request.units) return answer('insufficient')",
    replace:
      "  if (record.available < request.units) {\n    record.operations.set(request.operationId, { ...request, state: 'captured', runs: ['a', 'b'], expiresAtMs: 0, forgetAtMs: Number.MAX_VALUE })\n    return answer('insufficient')\n  }",
    tests: ON_MEMORY,
  },
  {
    name: 'memory spends below zero',
    rule: 'available is never below zero',
    file: MEMORY,
    find: "  if (record.available < request.units) return answer('insufficient')\n",
    replace: '',
    tests: ON_MEMORY,
  },
  {
    name: 'memory lets a cheap price buy a dear one',
    rule: NOT_DEARER,
    file: MEMORY,
    find: ' || !coversPrice(operation, request)',
    replace: '',
    tests: ON_MEMORY,
  },
  {
    name: 'memory lets a cheap price open what is dear',
    rule: NOT_DEARER,
    file: MEMORY,
    find: 'if (paid >= units && untilMs > nowMs) return true',
    replace: 'if (untilMs > nowMs) return true',
    tests: ON_MEMORY,
  },
  {
    name: 'memory captures twice',
    rule: 'served, captured once',
    file: MEMORY,
    find: "  if (operation?.state === 'captured') return { type: 'already_captured' }\n  if (operation?.state !== 'held' || ",
    replace: '  if (operation === undefined || ',
    tests: ON_MEMORY,
  },
  {
    name: 'memory keeps holds for ever',
    rule: 'no hold outlives its time',
    file: MEMORY,
    find: "operation.state === 'held' && operation.expiresAtMs <= nowMs) giveBack",
    replace: "operation.state === 'held' && operation.expiresAtMs <= 0) giveBack",
    tests: ON_MEMORY,
  },
  {
    name: 'memory serves who was signed out',
    rule: ERA,
    file: MEMORY,
    find: 'request.era !== undefined && request.era !== record.era',
    replace: 'request.era !== request.era',
    tests: ON_MEMORY,
  },
  {
    name: 'Redis lets a request run three times',
    rule: TWICE,
    file: `${LUA}/lib/hold.lua`,
    find: "    if operation.first ~= '' and operation.second ~= '' then return 'conflict', '', account end\n",
    replace: '',
    tests: ON_REDIS,
  },
  {
    name: 'Redis burns the id of a wish without credit',
    rule: NOT_BURNT,
    file: `${LUA}/lib/hold.lua`,
    find: "  if account.available < wish.units then\n    return is_opened(keys) and 'insufficient'",
    replace:
      "  if account.available < wish.units then\n    write_ended(keys.operation, { fingerprint = wish.fingerprint, first = 'a', second = 'b', units = wish.units }, 'captured', 600000)\n    return is_opened(keys) and 'insufficient'",
    tests: ON_REDIS,
  },
  {
    name: 'Redis lets a cheap price open what is dear',
    rule: NOT_DEARER,
    file: `${LUA}/lib/operation.lua`,
    find: 'if tonumber(paid) >= units and tonumber(ends_at) > now then',
    replace: 'if tonumber(ends_at) > now then',
    tests: ON_REDIS,
  },
  {
    name: 'Redis holds for a frozen account',
    rule: NOT_FROZEN,
    file: `${LUA}/lib/hold.lua`,
    find: "  if account.freezes > 0 or account.available < 0 then return 'frozen', '', account end\n",
    replace: '',
    tests: ON_REDIS,
  },
  {
    name: 'Redis serves who was signed out',
    rule: ERA,
    file: `${LUA}/lib/hold.lua`,
    find: 'if wish.era >= 0 and wish.era ~= account.era then',
    replace: 'if false then',
    tests: ON_REDIS,
  },
  {
    name: 'PostgreSQL lets a request run three times',
    rule: TWICE,
    file: SQL_SPENDING,
    find: 'IF op.first_run IS NOT NULL AND op.second_run IS NOT NULL THEN',
    replace: 'IF false THEN',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL burns the id of a wish without credit',
    rule: NOT_BURNT,
    file: SQL_SPENDING,
    find: "\n  THEN\n    outcome := 'insufficient';",
    replace:
      "\n  THEN\n    INSERT INTO stripe402.operations (client_id, currency, operation_id, fingerprint, state, units, first_run,\n        second_run, remember_ms, forget_at, resource)\n      VALUES (client, cur, operation, mark, 'captured', price, 'a', 'b', keep_ms, now + keep_ms, what);\n    outcome := 'insufficient';",
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL spends below zero',
    rule: 'available is never below zero',
    file: SQL_SPENDING,
    find: 'WHERE client_id = client AND currency = cur AND available >= price',
    replace: 'WHERE client_id = client AND currency = cur',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL lets a cheap price buy a dear one',
    rule: NOT_DEARER,
    file: SQL_SPENDING,
    find: "ELSIF price > op.units OR (price < op.units AND op.state = 'held') THEN",
    replace: 'ELSIF false THEN',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL holds for a frozen account',
    rule: NOT_FROZEN,
    file: SQL_SPENDING,
    find: 'ELSIF account.freezes > 0 OR account.available < 0 THEN',
    replace: 'ELSIF false THEN',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL captures twice',
    rule: 'served, captured once',
    file: SQL_SPENDING,
    find: "coalesce(o.state = 'held' AND w.run IN",
    replace: 'coalesce(w.run IN',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL captures what had run out',
    rule: 'no hold outlives its time',
    file: SQL_SPENDING,
    find: "WHERE o.state = 'held' AND o.expires_at <= now AND (o.client_id, o.currency, o.operation_id) IN",
    replace: "WHERE o.state = 'held' AND o.expires_at <= 0 AND (o.client_id, o.currency, o.operation_id) IN",
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL locks no account to hold',
    rule: 'nobody spends more than they have',
    file: SQL_SPENDING,
    find: 'WHERE client_id = client AND currency = cur FOR UPDATE;\n  now :=',
    replace: 'WHERE client_id = client AND currency = cur;\n  now :=',
    survives:
      'whoever asks for a hold has locked the account before, so that many of them meet in one order: this is a second lock on the same door',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL locks no accounts to hold for many',
    rule: 'nobody spends more than they have',
    file: `${SQL}/013-many-holds.sql`,
    find: '    ORDER BY a.client_id, a.currency\n    FOR UPDATE;',
    replace: '    ORDER BY a.client_id, a.currency;',
    tests: [`${STORE}/postgres/many-holds.test.ts`],
  },
  {
    name: 'PostgreSQL serves who was signed out',
    rule: ERA,
    file: `${SQL}/021-eras.sql`,
    find: 'IF coalesce(account.era, 0) <> needs_era AND NOT',
    replace: 'IF false AND NOT',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL takes from who was signed out where a top-up is asked for',
    rule: ERA,
    file: `${SQL}/021-eras.sql`,
    find: 'IF known.era <> needs_era AND NOT',
    replace: 'IF false AND NOT',
    tests: ON_POSTGRES,
  },
  {
    name: 'PostgreSQL lets the last word of a refund win, whatever its rank',
    rule: 'merging is free of order',
    file: `${SQL}/003-money.sql`,
    find: 'IF known.rank >= new_rank THEN',
    replace: 'IF known.rank = new_rank THEN',
    tests: ON_POSTGRES,
  },
]
