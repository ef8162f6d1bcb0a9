import type { HoldRequest } from '../../store.js'
import { accessKey, operationName, shardKeys, shardOf } from './keys.js'

/** A wish as `hold.lua` reads it from JSON. */
export function wishList(wish: HoldRequest): (string | number)[] {
  return [
    operationName(wish, wish.operationId),
    wish.fingerprint,
    wish.runId,
    wish.units,
    wish.holdMs,
    wish.rememberMs,
    wish.resource,
    wish.access?.resource ?? '',
    wish.access?.durationMs ?? 0,
    wish.era ?? -1,
  ]
}

/** Keys of a hold that other wishes may share. Its script works their names out, but a Cluster wants to be told. */
export function sharedKeys(wish: HoldRequest): string[] {
  const { holds, opened } = shardKeys(shardOf(wish))
  return wish.access ? [holds, opened, accessKey(wish, wish.access.resource)] : [holds, opened]
}
