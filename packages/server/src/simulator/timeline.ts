/**
 * Virtual time. Whatever waits for anything waits here; when nothing can go on, the clock jumps to the next task.
 *
 * A background task (a sweep) does not keep a run going, as an unreferenced timer does not keep a process alive.
 */
export interface Timeline {
  /** Epoch milliseconds. */
  nowMs(): number
  /** Runs a task after `ms`, unless the function that comes back is called before. */
  after(ms: number, task: () => void): () => void
  afterInBackground(ms: number, task: () => void): () => void
  sleep(ms: number): Promise<void>
  /** Whether only background tasks are left. */
  isAtRest(): boolean
  /** When the next task is due; infinity without one. */
  nextMs(): number
  /** Runs one task after the other, each once all that the last one set off has come to a stop. */
  run(isOver: () => boolean): Promise<void>
}

interface Task {
  dueMs: number
  order: number
  isBackground: boolean
  isCancelled: boolean
  run: () => void
}

/** Starts on a day like any other. */
const START_MS = 1_790_000_000_000
/** So often real time is let in: a test runner has to hear from us. */
const TURNS_IN_A_ROW = 4096

/** Makes an empty timeline. */
export function createTimeline(): Timeline {
  const heap: Task[] = []
  let nowMs = START_MS
  let order = 0
  let foreground = 0

  function add(ms: number, run: () => void, isBackground: boolean): () => void {
    const task: Task = { dueMs: nowMs + ms, order: order++, isBackground, isCancelled: false, run }
    if (!isBackground) foreground += 1
    push(heap, task)
    return () => {
      if (!task.isCancelled && !isBackground) foreground -= 1
      task.isCancelled = true
    }
  }

  function turn(): void {
    const task = pop(heap)
    if (!task || task.isCancelled) return
    // What is cancelled after it ran changes nothing.
    task.isCancelled = true
    if (!task.isBackground) foreground -= 1
    nowMs = Math.max(nowMs, task.dueMs)
    task.run()
  }

  return {
    nowMs: () => nowMs,
    after: (ms, task) => add(ms, task, false),
    afterInBackground: (ms, task) => add(ms, task, true),
    sleep: (ms) =>
      new Promise((resolve) => {
        add(ms, resolve, false)
      }),
    isAtRest: () => foreground === 0,
    nextMs: () => {
      while (heap[0]?.isCancelled) pop(heap)
      return heap[0]?.dueMs ?? Number.POSITIVE_INFINITY
    },
    run: (isOver) =>
      new Promise((resolve, reject) => {
        let turns = 0
        const step = (): void => {
          try {
            if (isOver() || heap.length === 0) {
              resolve()
              return
            }
            turn()
          } catch (error) {
            reject(error)
            return
          }
          turns += 1
          // A tick that is asked for by a microtask comes after all the microtasks that follow from this turn.
          if (turns % TURNS_IN_A_ROW === 0) setImmediate(step)
          else queueMicrotask(() => process.nextTick(step))
        }
        step()
      }),
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order)
}

function push(heap: Task[], task: Task): void {
  let at = heap.length
  heap.push(task)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (!parent || !isBefore(task, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = task
}

function pop(heap: Task[]): Task | undefined {
  const [first] = heap
  const last = heap.pop()
  if (!first || !last || heap.length === 0) return first
  let at = 0
  for (;;) {
    const left = 2 * at + 1
    const [one, other] = [heap[left], heap[left + 1]]
    const isRight = one !== undefined && other !== undefined && isBefore(other, one)
    const child = isRight ? other : one
    if (!child || !isBefore(child, last)) break
    heap[at] = child
    at = isRight ? left + 1 : left
  }
  heap[at] = last
  return first
}
