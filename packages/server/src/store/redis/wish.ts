import type { AccountKey, HoldRequest } from '../../store.js'
import { accessKey, accountKeys, accountName, operationKey, shardKeys, shardOf } from './keys.js'

/** The five keys of a hold, in the order of `hold.lua`. Without a wish, keys of the same shard that are not looked at. */
export function holdKeys(key: AccountKey, wish: HoldRequest | null): string[] {
  const { account } = accountKeys(key)
  const { holds, opened } = shardKeys(shardOf(key))
  return [
    account,
    wish ? operationKey(key, wish.operationId) : account,
    holds,
    wish?.access ? accessKey(key, wish.access.resource) : account,
    opened,
  ]
}

/** The nine arguments of a hold, in the order of `hold.lua`. */
export function holdArguments(wish: HoldRequest | null): (string | number)[] {
  if (!wish) return ['', '', '', 0, 0, 0, '', '', 0]
  return [
    `${accountName(wish)}:${wish.operationId}`,
    wish.fingerprint,
    wish.runId,
    wish.units,
    wish.holdMs,
    wish.rememberMs,
    wish.resource,
    wish.access?.resource ?? '',
    wish.access?.durationMs ?? 0,
  ]
}
