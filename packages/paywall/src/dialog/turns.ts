/** One dialog, many payments: each has its turn, in the order they came. */
export interface Turns {
  /** Whether it is the turn of this payment. */
  isOf(id: string): boolean
  /**
   * Waits until nobody else has the turn, and takes it.
   *
   * @param isUrgent whether this one does not wait: it goes on with what is open
   */
  take(id: string, isUrgent: () => boolean): Promise<void>
  end(): void
}

/** Nobody has the turn at first. */
export function createTurns(): Turns {
  let current: string | undefined
  const waiting: Array<() => void> = []
  return {
    isOf: (id) => current === id,
    async take(id, isUrgent) {
      while (!isUrgent() && current !== undefined && current !== id)
        await new Promise<void>((resolve) => waiting.push(resolve))
      current = id
    },
    end() {
      current = undefined
      waiting.shift()?.()
    },
  }
}
