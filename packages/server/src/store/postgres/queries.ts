import { inSchema } from './migrate.js'

const SUMS = ['credited', 'available', 'held', 'spent', 'debited', 'freezes']
const PURCHASE = [
  'purchase_id',
  'client_id',
  'currency',
  'minor',
  'units',
  'payment_method_id',
  'status',
  'attempt',
  'payment_intent_id',
  'error',
  'decline_code',
  'created_at',
  'updated_at',
  'customer_id',
  'keeps_card',
  'key_thumbprint',
  'wants_bank_check',
  'issuer',
  'description',
]
const ACCOUNT_OF = SUMS.map((sum) => `(account).${sum}`).join(', ')
const PURCHASE_OF = PURCHASE.map((column) => `(purchase).${column}`).join(', ')
const IS_OPEN = "status IN ('prepared', 'intent_saved', 'requires_action')"

/** The one statement of each verb. */
export interface Queries {
  start: string
  isOpen: string
  open: string
  hold: string
  capture: string
  release: string
  prepareTopUp: string
  saveIntent: string
  awaitAction: string
  failTopUp: string
  credit: string
  debit: string
  account: string
  accounts: string
  payments: string
  reconciledAt: string
  markReconciled: string
  purchase: string
  history: string
  due: string
  releaseExpired: string
  forget: string
  bindKey: string
  keys: string
  signOut: string
  keepCard: string
  savedCard: string
  forgetCard: string
  mark: string
  audit: string
}

/** The statements for a schema. */
export function queriesFor(schema: string): Queries {
  const named = (sql: string): string => inSchema(sql, schema)
  return {
    start: named('SELECT stripe402.start_ledger_v1() AS data_id'),
    isOpen: named('SELECT FROM stripe402.ledger'),
    open: named('SELECT stripe402.open_ledger_v1($1) AS is_open'),
    hold: named(
      `SELECT place, outcome, reason, ${ACCOUNT_OF},
           outcome IN ('insufficient', 'unproven') AND NOT EXISTS (SELECT FROM stripe402.ledger) AS is_blank
         FROM stripe402.hold_many_v1($1::jsonb) ORDER BY place`,
    ),
    capture: named('SELECT place, outcome FROM stripe402.capture_v1($1::jsonb, $2) ORDER BY place'),
    release: named(`SELECT stripe402.release_v1(${parameters(4)})`),
    prepareTopUp: named(
      `SELECT outcome, hold_outcome, reason, now, ${ACCOUNT_OF}, ${PURCHASE_OF} FROM stripe402.prepare_top_up_v6(${parameters(22)})`,
    ),
    saveIntent: named(
      `SELECT p.*, stripe402.now_ms() AS now FROM stripe402.save_intent_v1(${parameters(3)}) p`,
    ),
    awaitAction: named(
      `SELECT p.*, stripe402.now_ms() AS now FROM stripe402.await_action_v1(${parameters(2)}) p`,
    ),
    failTopUp: named(
      `SELECT p.*, stripe402.now_ms() AS now FROM stripe402.fail_top_up_v2(${parameters(5)}) p`,
    ),
    credit: named(`SELECT outcome, ${ACCOUNT_OF} FROM stripe402.credit_v2(${parameters(7)})`),
    debit: named(`SELECT outcome, ${ACCOUNT_OF} FROM stripe402.debit_v2(${parameters(10)})`),
    account: named(
      `SELECT ${SUMS.join(', ')} FROM stripe402.accounts WHERE client_id = $1 AND currency = $2`,
    ),
    accounts: named(
      `SELECT currency, ${SUMS.join(', ')} FROM stripe402.accounts
         WHERE client_id = $1 AND has_moved ORDER BY currency`,
    ),
    payments: named('SELECT payment_intent_id FROM stripe402.credits WHERE client_id = $1 AND currency = $2'),
    reconciledAt: named('SELECT reconciled_at FROM stripe402.ledger WHERE reconciled_at IS NOT NULL'),
    markReconciled: named('UPDATE stripe402.ledger SET reconciled_at = greatest(reconciled_at, $1)'),
    purchase: named(
      'SELECT p.*, stripe402.now_ms() AS now FROM stripe402.purchases p WHERE purchase_id = $1',
    ),
    history: named(
      `SELECT entry, at_ms, kind, units, reference FROM stripe402.history
         WHERE client_id = $1 AND currency = $2 AND ($4::bigint IS NULL OR entry < $4::bigint)
         ORDER BY entry DESC LIMIT $3`,
    ),
    due: named(
      `SELECT p.*, t.now FROM stripe402.purchases p, (SELECT stripe402.now_ms() AS now OFFSET 0) t
         WHERE ${IS_OPEN} AND updated_at < t.now - $1::bigint
           AND ($3::bigint IS NULL OR (updated_at, purchase_id) > ($3::bigint, $4::text))
         ORDER BY updated_at, purchase_id LIMIT $2`,
    ),
    releaseExpired: named(
      'SELECT stripe402.release_expired_v1($1) AS released, stripe402.forget_v1($2) AS forgotten',
    ),
    forget: named('SELECT stripe402.forget_v1($1) AS forgotten'),
    bindKey: named(`SELECT stripe402.bind_key_v1(${parameters(4)}) AS era`),
    keys: named('SELECT era, thumbprints FROM stripe402.accounts WHERE client_id = $1 AND currency = $2'),
    signOut: named(`SELECT stripe402.sign_out_v1(${parameters(2)})`),
    keepCard: named(`SELECT stripe402.keep_card_v1(${parameters(7)})`),
    savedCard: named(
      `SELECT payment_method_id, customer_id, brand, last4, exp_month, exp_year FROM stripe402.saved_cards
         WHERE client_id = $1 AND customer_id IS NOT NULL`,
    ),
    forgetCard: named(`SELECT stripe402.forget_card_v1(${parameters(2)})`),
    mark: named('SELECT is_made, total, free_in FROM stripe402.mark_v1($1::jsonb) ORDER BY place'),
    audit: named(
      `SELECT a.*,
           (SELECT sum(units) FROM stripe402.operations o
             WHERE o.client_id = a.client_id AND o.currency = a.currency AND state = 'held') AS held_by_operations,
           (SELECT count(*) FROM stripe402.purchases p
             WHERE p.client_id = a.client_id AND p.currency = a.currency AND ${IS_OPEN}) AS open_purchases,
           (SELECT coalesce(greatest(max(stripe402.now_ms() - expires_at), 0), 0) FROM stripe402.operations o
             WHERE o.client_id = a.client_id AND o.currency = a.currency AND state = 'held') AS overdue
         FROM stripe402.accounts a
         WHERE has_moved AND (client_id, currency) > ($1, $2) ORDER BY client_id, currency LIMIT $3`,
    ),
  }
}

function parameters(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ')
}
