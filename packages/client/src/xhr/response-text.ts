import { MOST_CHARACTERS, MOST_PEEK_MS } from '../peek-body.js'

/** An answer that is held back, as far as it has come. */
export interface HeldAnswer {
  /** The events that the app has not seen, each with the `readyState` in it. */
  held: [event: Event, readyState: number][]
  /** Called with each further one. */
  onHeld?: () => void
}

/** Resolves when an answer has come to its end, or takes longer or is longer than what is looked at. */
export function untilHeld(answer: HeldAnswer): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      delete answer.onHeld
      resolve()
    }
    const timer = setTimeout(finish, MOST_PEEK_MS)
    const look = (): void => {
      const event = answer.held.at(-1)?.[0]
      if (event?.type === 'loadend') finish()
      // Not in the middle of an event: a browser that is told to send again there mixes up two answers.
      else if (event instanceof ProgressEvent && event.loaded > MOST_CHARACTERS) setTimeout(finish)
    }
    answer.onHeld = look
    look()
  })
}

/** The body of an answer as text, where it is all there and the response type allows it. */
export function responseTextOf({ held }: HeldAnswer, readResponse: () => unknown): string {
  const event = held.at(-1)?.[0]
  if (!(event instanceof ProgressEvent) || event.type !== 'loadend' || event.loaded > MOST_CHARACTERS)
    return ''
  const response = readResponse()
  return typeof response === 'string' ? response : JSON.stringify(response)
}
