import { isA } from './body-snapshot.js'
import type { Reply } from './payable-request.js'

/** More than this of a body is not looked at: a challenge is a few KiB. */
export const MOST_CHARACTERS = 65_536
/** Nor is it waited for longer: it comes with its headers, and what has none of ours may be a stream without an end. */
export const MOST_PEEK_MS = 3000

/** Reads the start of a response's body through a copy. Never rejects; the response can still be read. */
export async function peekBody(reply: Reply): Promise<string> {
  let text = ''
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  // Settles only when the response itself has been read or cancelled, too.
  const leave = (): void => void reader?.cancel().catch(() => {})
  const timer = setTimeout(leave, MOST_PEEK_MS)
  try {
    // Throws where the fetch that is wrapped has read the body.
    if (isA('Response', reply)) reader = reply.clone().body?.getReader()
    const decoder = new TextDecoder()
    while (reader && text.length < MOST_CHARACTERS) {
      const { done, value } = await reader.read()
      if (done) return text
      text += decoder.decode(value, { stream: true })
    }
    leave()
  } catch {
    // A body that breaks off here breaks off for the app as well, when it reads it.
  } finally {
    clearTimeout(timer)
  }
  return text
}

/** Lets go of an answer that the app will never see: an unread body would keep its connection. */
export function discardBody(reply: Reply): void {
  if (isA('Response', reply)) reply.body?.cancel().catch(() => {})
}
