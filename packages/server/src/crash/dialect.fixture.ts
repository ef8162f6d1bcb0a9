/** Follows one connection: which answer belongs to which command, and which of them must never arrive. */
export interface Conversation {
  /** Bytes of the client; `dooms` is asked once for each command that may change something. */
  hear(chunk: Buffer, dooms: () => boolean): void
  /** Bytes of the server: what may pass, and whether the rest belongs to a doomed command that has been carried out. */
  answer(chunk: Buffer): { before: Buffer; isDoomed: boolean }
}

/** Makes a conversation for a new connection. */
export type Dialect = () => Conversation

const NOTHING = Buffer.alloc(0)

/** Redis: one answer for each command, in order. Scripts are what changes something. */
export const redisDialect: Dialect = () => {
  const asked: boolean[] = []
  let question = NOTHING
  let reply = NOTHING
  return {
    hear(chunk, dooms) {
      question = Buffer.concat([question, chunk])
      for (;;) {
        const end = endOfValue(question, 0)
        if (end < 0) return
        const isScript = /\r\neval(sha)?\r\n/i.test(question.toString('latin1', 0, Math.min(end, 40)))
        asked.push(isScript && dooms())
        question = question.subarray(end)
      }
    },
    answer(chunk) {
      const passedBefore = reply.length
      reply = Buffer.concat([reply, chunk])
      let at = 0
      for (;;) {
        const end = endOfValue(reply, at)
        if (end < 0) break
        // A doomed reply may have begun in an earlier chunk: a client that has half of it has none of it.
        if (asked.shift())
          return { before: reply.subarray(passedBefore, Math.max(passedBefore, at)), isDoomed: true }
        at = end
      }
      const before = reply.subarray(passedBefore)
      reply = reply.subarray(at)
      return { before, isDoomed: false }
    },
  }
}

/** Where a value of RESP 2 or 3 ends that begins at `at`; -1 while it is not all there. */
function endOfValue(bytes: Buffer, at: number): number {
  const lineEnd = bytes.indexOf('\r\n', at)
  if (lineEnd < 0) return -1
  const next = lineEnd + 2
  const type = String.fromCharCode(bytes[at] ?? 0)
  const size = Number(bytes.toString('latin1', at + 1, lineEnd))
  if ('$=!'.includes(type)) {
    const end = size < 0 ? next : next + size + 2
    return end <= bytes.length ? end : -1
  }
  if (!'*~>%'.includes(type)) return next
  let end = next
  for (let left = type === '%' ? 2 * size : size; left > 0 && end >= 0; left -= 1)
    end = endOfValue(bytes, end)
  return end
}

/**
 * PostgreSQL: a query has been committed when the server says ReadyForQuery after it, and not earlier. The first one
 * says that the connection is made.
 */
export const postgresDialect: Dialect = () => {
  const asked: boolean[] = [false]
  let question = NOTHING
  let reply = NOTHING
  let isStarted = false
  return {
    hear(chunk, dooms) {
      question = Buffer.concat([question, chunk])
      for (;;) {
        // Only the first message has no letter.
        const letters = isStarted ? 1 : 0
        if (question.length < letters + 4) return
        const end = letters + question.readInt32BE(letters)
        if (question.length < end) return
        const letter = String.fromCharCode(question[0] ?? 0)
        if (isStarted && (letter === 'S' || letter === 'Q')) asked.push(dooms())
        isStarted = true
        question = question.subarray(end)
      }
    },
    answer(chunk) {
      const passedBefore = reply.length
      reply = Buffer.concat([reply, chunk])
      let at = 0
      while (reply.length >= at + 5) {
        const end = at + 1 + reply.readInt32BE(at + 1)
        if (reply.length < end) break
        // Rows may arrive: without the last word the client does not take them for an answer.
        if (String.fromCharCode(reply[at] ?? 0) === 'Z' && asked.shift())
          return { before: reply.subarray(passedBefore, Math.max(passedBefore, at)), isDoomed: true }
        at = end
      }
      const before = reply.subarray(passedBefore)
      reply = reply.subarray(at)
      return { before, isDoomed: false }
    },
  }
}
