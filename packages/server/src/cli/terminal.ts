import { createInterface } from 'node:readline/promises'

/** What a command says, and whom it can ask. */
export interface Terminal {
  /** One line of the result. */
  say(line: string): void
  /** One line beside the result: a warning, a hint. */
  note(line: string): void
  /** How far it is; replaces what was said before on a screen, and is said now and then where there is none. */
  progress(text: string): void
  /** Takes the progress off the screen. */
  endProgress(): void
  /** Null where nobody can answer. */
  ask: ((question: string) => Promise<string>) | null
}

/** The streams of a process. */
export interface Streams {
  stdin: NodeJS.ReadableStream & { isTTY?: boolean }
  stdout: NodeJS.WritableStream & { isTTY?: boolean }
  stderr: NodeJS.WritableStream & { isTTY?: boolean }
}

const FIRST_WORD_AFTER_MS = 5000
const FRAME_MS = 100

/** The terminal of a process. */
export function terminal({ stdin, stdout, stderr }: Streams, now: () => number = Date.now): Terminal {
  // Whoever reads may stop reading (`| head`); a refund that is under way goes on all the same.
  for (const stream of [stdout, stderr]) stream.on('error', ignoreClosedPipe)
  const isScreen = stderr.isTTY === true
  let nextMs = now() + (isScreen ? 0 : FIRST_WORD_AFTER_MS)
  let isShown = false
  const endProgress = (): void => {
    if (isShown) stderr.write('\r\u001b[K')
    isShown = false
  }
  return {
    say(line) {
      endProgress()
      stdout.write(`${line}\n`)
    },
    note(line) {
      endProgress()
      stderr.write(`${line}\n`)
    },
    progress(text) {
      if (now() < nextMs) return
      nextMs = now() + (isScreen ? FRAME_MS : FIRST_WORD_AFTER_MS)
      if (!isScreen) return void stderr.write(`${text}\n`)
      isShown = true
      stderr.write(`\r${text}\u001b[K`)
    },
    endProgress,
    ask:
      stdin.isTTY === true && stdout.isTTY === true
        ? async (question) => {
            const lines = createInterface({ input: stdin, output: stdout })
            try {
              return await lines.question(question)
            } finally {
              lines.close()
            }
          }
        : null,
  }
}

function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
