import type { Cluster, Redis } from 'ioredis'
import type { Capture, CaptureResult } from '../../store.js'
import { checkCapture } from '../checked-input.js'
import { accountKeys, accountName, operationKey, shardKeys, shardOf } from './keys.js'
import { readReply, unexpected } from './replies.js'
import { runScripts, type ScriptCall } from './script-runner.js'

/** So many captures keep one script below a few milliseconds, in which Redis serves nobody else. */
const CAPTURES_PER_SCRIPT = 128

/** Captures many holds in one round trip: a script per shard, or more where one would take long. */
export async function captureAll(
  redis: Redis | Cluster,
  captures: readonly Capture[],
  historyLimit: number,
): Promise<CaptureResult[]> {
  for (const capture of captures) checkCapture(capture)
  const groups = groupByShard(captures)
  const replies = await runScripts(
    redis,
    groups.map((group) =>
      captureCall(
        group.map(({ capture }) => capture),
        historyLimit,
      ),
    ),
  )
  const results: CaptureResult[] = captures.map(() => ({ type: 'expired' }))
  for (const [at, group] of groups.entries()) {
    const types = readReply(replies[at])
    for (const [position, { index }] of group.entries()) results[index] = { type: readType(types[position]) }
  }
  return results
}

function groupByShard(captures: readonly Capture[]): { capture: Capture; index: number }[][] {
  const open = new Map<string, { capture: Capture; index: number }[]>()
  const groups: { capture: Capture; index: number }[][] = []
  for (const [index, capture] of captures.entries()) {
    let group = open.get(shardOf(capture))
    if (!group || group.length >= CAPTURES_PER_SCRIPT) {
      group = []
      open.set(shardOf(capture), group)
      groups.push(group)
    }
    group.push({ capture, index })
  }
  return groups
}

function captureCall(captures: readonly Capture[], historyLimit: number): ScriptCall {
  const [first] = captures
  const keys = first ? [shardKeys(shardOf(first)).holds] : []
  const args: (string | number)[] = [historyLimit]
  for (const capture of captures) {
    const { account, history } = accountKeys(capture)
    keys.push(account, operationKey(capture, capture.operationId), history)
    args.push(`${accountName(capture)}:${capture.operationId}`, capture.runId, capture.units)
  }
  return { script: 'capture', keys, args }
}

function readType(type: unknown): CaptureResult['type'] {
  for (const known of ['captured', 'already_captured', 'expired'] as const) if (type === known) return known
  throw unexpected()
}
