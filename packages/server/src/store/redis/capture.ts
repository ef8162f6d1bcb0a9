import type { Cluster, Redis } from 'ioredis'
import type { Capture, CaptureResult } from '../../store.js'
import { checkCapture } from '../checked-input.js'
import { operationKey } from './keys.js'
import { redisFault } from './redis-fault.js'
import { readReply, unexpected } from './replies.js'
import { askInGroups } from './script-groups.js'
import { runScript, type ScriptCall } from './script-runner.js'
import { shortened } from './wish.js'

/** Captures many holds in one round trip. */
export async function captureAll(
  redis: Redis | Cluster,
  captures: readonly Capture[],
  { spansShards, historyLimit }: { spansShards: boolean; historyLimit: number },
): Promise<CaptureResult[]> {
  for (const capture of captures) checkCapture(capture)
  const answers = await askInGroups(captures, spansShards, async (group) =>
    readReply(await runScript(redis, captureCall(group, historyLimit))),
  )
  // Whoever hears that one failed asks for all of them again: those that were captured say so then.
  return captures.map((_, index) => readResult(answers[index]))
}

function captureCall(captures: readonly Capture[], historyLimit: number): ScriptCall {
  const list = captures.map(({ runId, operationId, units }) => [shortened(runId, operationId), units])
  return {
    script: 'capture',
    keys: captures.map((capture) => operationKey(capture, capture.operationId)),
    args: [historyLimit, JSON.stringify(list)],
  }
}

function readResult(answer: unknown): CaptureResult {
  for (const type of ['captured', 'already_captured', 'expired'] as const)
    if (answer === type) return { type }
  const [, message] = /^fault (.*)/s.exec(String(answer)) ?? []
  throw message === undefined ? unexpected() : redisFault(new Error(message))
}
