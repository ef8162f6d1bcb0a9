import type { AccountKey } from '../../store.js'

/** All shards: the first byte of a client id, which is uniformly distributed, in hex. */
export const SHARDS: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)

/** When the store was last compared with Stripe. */
export const RECONCILED_KEY = 's402:reconciled'

/** The shard of an account. Everything that one verb touches has its name as hash tag, so it sits on one node. */
export function shardOf(key: { clientId: string }): string {
  return key.clientId.slice(0, 2)
}

/** `client:currency`, the name of an account within its shard. */
export function accountName(key: AccountKey): string {
  return `${key.clientId}:${key.currency}`
}

/** The keys that a shard has one of. */
export function shardKeys(shard: string): Record<'holds' | 'accounts' | 'due' | 'opened' | 'blank', string> {
  return {
    holds: `s402:{${shard}}:holds`,
    accounts: `s402:{${shard}}:accounts`,
    due: `s402:{${shard}}:due`,
    opened: `s402:{${shard}}:opened`,
    blank: `s402:{${shard}}:blank`,
  }
}

type AccountKeyKind = 'account' | 'history' | 'payments' | 'debits' | 'open' | 'keys'

/** One of the keys that an account has one of. */
function accountKey(kind: AccountKeyKind, key: AccountKey): string {
  return `s402:{${shardOf(key)}}:${kind}:${accountName(key)}`
}

/** The keys that an account has one of. */
export function accountKeys(key: AccountKey): Record<AccountKeyKind, string> {
  return {
    account: accountKey('account', key),
    history: accountKey('history', key),
    payments: accountKey('payments', key),
    debits: accountKey('debits', key),
    open: accountKey('open', key),
    keys: accountKey('keys', key),
  }
}

/** An operation. */
export function operationKey(key: AccountKey, operationId: string): string {
  return `s402:{${shardOf(key)}}:operation:${accountName(key)}:${operationId}`
}

/** The card that is kept for a client. */
export function cardKey(clientId: string): string {
  return `s402:{${shardOf({ clientId })}}:card:${clientId}`
}

/** A purchase within one of the accounts that it was tried in. */
export function purchaseKey(key: AccountKey, purchaseId: string): string {
  return `s402:{${shardOf(key)}}:purchase:${accountName(key)}:${purchaseId}`
}

/** Which account a purchase belongs to. Its own hash tag: nobody knows the account before reading it. */
export function pointerKey(purchaseId: string): string {
  return `s402:purchase:{${purchaseId}}`
}

/** The marks of one name. Its own hash tag: names of one kind would crowd one node. */
export function marksKey(name: string): string {
  return `s402:marks:{${name}}`
}
