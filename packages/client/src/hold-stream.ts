/** A stream under way, and what has passed of it. */
export interface HeldStream {
  /** To be sent in the place of the given one. */
  readonly stream: ReadableStream<Uint8Array>
  /** Whether all of it has passed and was kept. */
  isWhole(): boolean
  bytes(): Blob
}

/** Keeps what a stream gives, up to a limit, so that it can be sent again. Nothing is read before it is wanted. */
export function holdStream(given: ReadableStream<Uint8Array>, limitBytes: number): HeldStream {
  let kept: Uint8Array<ArrayBuffer>[] = []
  let room = limitBytes
  let isAtEnd = false
  const keeping = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      room -= chunk.byteLength
      if (room < 0) kept = []
      // The producer may use its buffer again.
      else kept.push(chunk.slice())
      controller.enqueue(chunk)
    },
    flush() {
      isAtEnd = true
    },
  })
  return {
    stream: given.pipeThrough(keeping),
    isWhole: () => isAtEnd && room >= 0,
    bytes: () => new Blob(kept),
  }
}
