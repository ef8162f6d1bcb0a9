import { createParser, type EventSourceMessage } from 'eventsource-parser'

/** Told of what an event stream says. */
export interface EventReader {
  /** What comes is sent again from after this one: also for a block without data, which is no event. May be empty. */
  onId(id: string): void
  onEvent(event: EventSourceMessage): void
  onRetry(retryMs: number): void
}

/** Reads server-sent events to the end of their stream. Rejects when it breaks off. */
export async function readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  { onId, onEvent, onRetry }: EventReader,
): Promise<void> {
  const parser = createParser({ onEvent, onRetry })
  const linesOf = lineReader()
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  let id: string | undefined
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    for (const line of linesOf(piece.value)) {
      id = idOf(line) ?? id
      // By the standard the id of a block counts that has no data, of which the parser says nothing.
      if (line === '' && id !== undefined) onId(id)
      parser.feed(`${line}\n`)
    }
}

/** The value of an `id` field; the standard passes over one that holds a null character. */
function idOf(line: string): string | undefined {
  const [field, value = ''] = /^id(?:: ?(.*))?$/s.exec(line) ?? []
  return field === undefined || value.includes('\0') ? undefined : value
}

/** Cuts text that comes in pieces into lines, which end in CRLF, LF or CR. */
function lineReader(): (piece: string) => string[] {
  let begun: string[] = []
  let isAfterReturn = false
  return (piece) => {
    // The other half of a line's end.
    const text = isAfterReturn ? piece.replace(/^\n/, '') : piece
    isAfterReturn = piece.endsWith('\r')
    const [first = '', ...others] = text.split(/\r\n?|\n/)
    begun.push(first)
    const next = others.pop()
    if (next === undefined) return []
    const lines = [begun.join(''), ...others]
    begun = [next]
    return lines
  }
}
