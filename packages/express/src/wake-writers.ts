import type { Response } from 'express'

type Listener = (...args: never[]) => void

/**
 * Remembers who listens to a response's `drain` from now on. What it gives back tells them once, wherever a wrapper has put
 * them: `compression` gives them to a stream of its own, which knows nothing of a wait that was not for it.
 */
export function wakeWriters(response: Response): () => void {
  const { on, off, removeListener } = response
  const listeners = new Set<Listener>()

  response.on = (event: string | symbol, listener: Listener) => {
    if (event === 'drain') listeners.add(listener)
    return Reflect.apply(on, response, [event, listener])
  }
  const forgetful =
    (remove: Response['off']): Response['off'] =>
    (event: string | symbol, listener: Listener) => {
      if (event === 'drain') for (const known of listeners) if (isOf(known, listener)) listeners.delete(known)
      return Reflect.apply(remove, response, [event, listener])
    }
  response.off = forgetful(off)
  response.removeListener = forgetful(removeListener)

  return () => {
    const elsewhere = [...listeners].filter((known) => !response.rawListeners('drain').includes(known))
    response.emit('drain')
    for (const listener of elsewhere) Reflect.apply(listener, response, [])
  }
}

/** `once` listens with a function of its own, which names the one that it stands for. */
function isOf(known: Listener, listener: Listener): boolean {
  return known === listener || ('listener' in known && known.listener === listener)
}
