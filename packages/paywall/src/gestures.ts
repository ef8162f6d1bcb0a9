/** How long after a gesture a request still is one that a person asked for: the time browsers give, too. */
const RECENT_MS = 5_000

/** When the person last did something in the page. */
export interface Gestures {
  /** Whether something that began then (milliseconds since the epoch) began soon after a gesture. */
  isRecent(startedAt: number): boolean
  /** The person said no, which is a click, too: what they did so far asks for nothing more. */
  forget(): void
  start(): void
  stop(): void
}

/**
 * Watches for clicks and keys in the page. The browser's own `userActivation` tells of now only, and a 402 may come
 * long after the click that its request was made for.
 */
export function watchGestures(): Gestures {
  /** When, lately: between a request and its 402 the person goes on. */
  let times: number[] = []
  const add = (): void => {
    times = [Date.now(), ...times].slice(0, 99)
  }
  const note = (event: Event): void => {
    if (event.isTrusted && Reflect.get(event, 'key') !== 'Escape') add()
  }
  return {
    isRecent: (startedAt) => times.some((at) => at <= startedAt && startedAt - at < RECENT_MS),
    forget() {
      times = []
    },
    start() {
      // The click that brought this element here came before it.
      if (navigator.userActivation?.isActive) add()
      for (const type of TYPES) addEventListener(type, note, true)
    },
    stop() {
      for (const type of TYPES) removeEventListener(type, note, true)
    },
  }
}

const TYPES = ['pointerdown', 'keydown', 'click']
