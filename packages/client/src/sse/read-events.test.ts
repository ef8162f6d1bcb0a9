import { describe, expect, test } from 'vitest'
import { readEvents } from './read-events.js'

/** What is heard of a stream that arrives in pieces of so many bytes. */
async function heard(text: string, size: number): Promise<string[]> {
  const bytes = new TextEncoder().encode(text)
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
  const lines: string[] = []
  await readEvents(body, {
    onId: (id) => lines.push(`id ${id}`),
    onEvent: ({ event, data }) => lines.push(`${event} ${JSON.stringify(data)}`),
    onRetry: (retryMs) => lines.push(`retry ${retryMs}`),
  })
  return lines
}

describe('readEvents', () => {
  const blocks = [
    '\uFEFFid: 物',
    'event: one',
    'data: a',
    'data:',
    '',
    'id: 2',
    '',
    'retry: 10',
    ': data: no',
    'data',
    '',
    'id',
  ]
  const expected = ['id 物', 'one "a\\n"', 'id 2', 'retry 10', 'id 2', 'undefined ""']

  test.each(['\n', '\r', '\r\n'])('reads lines that end in %j, however they are cut', async (end) => {
    const text = blocks.join(end)
    for (const size of [1, 2, 3, 5, 1000]) expect(await heard(text, size)).toEqual(expected)
  })
})
