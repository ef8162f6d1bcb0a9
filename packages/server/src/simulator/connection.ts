/** What a client gets. */
export interface Reply {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** A request on its way through a server, and the client that waits at the other end. */
export interface Connection {
  isClosed(): boolean
  /** Runs once when the client goes away or the process dies; at once if that has happened. */
  onClose(listener: () => void): void
  deliver(reply: Reply): void
  /** `left`: by the client itself. */
  close(why?: 'left'): void
}

/** The client lost its connection: it knows nothing. */
export class NetworkError extends Error {}

/** The person closed the tab. */
export class LeftError extends Error {}

/** Makes a connection and the promise that its client waits for. */
export function openConnection(): { connection: Connection; reply: Promise<Reply> } {
  const listeners: (() => void)[] = []
  let isClosed = false
  let settle: { resolve(reply: Reply): void; reject(error: Error): void } | undefined
  const reply = new Promise<Reply>((resolve, reject) => {
    settle = { resolve, reject }
  })
  // Nobody may be waiting yet when it breaks.
  reply.catch(() => {})
  const connection: Connection = {
    isClosed: () => isClosed,
    onClose(listener) {
      if (isClosed) listener()
      else listeners.push(listener)
    },
    deliver(answer) {
      settle?.resolve(answer)
    },
    close(why) {
      if (isClosed) return
      isClosed = true
      settle?.reject(why === 'left' ? new LeftError('left') : new NetworkError('the connection was closed'))
      for (const listener of listeners) listener()
    },
  }
  return { connection, reply }
}
