import { isObject, textAt } from './json.js'

/** The other side of a channel: which window, and the only origin that may stand in it. */
export interface Peer {
  readonly window: () => Window | null
  readonly origin: string
}

/** A private line between the page and one frame. */
export interface Channel {
  /** Sends a message; its payload must be structured-cloneable. */
  readonly send: (kind: string, payload?: unknown) => void
  readonly close: () => void
}

/** What a channel needs to know. */
export interface ChannelOptions {
  /** A random id that the page chose for this one frame. */
  readonly id: string
  readonly peer: Peer
  readonly onMessage: (kind: string, payload: unknown) => void
}

/**
 * Opens one end of a channel. A message counts only when its window, its origin and its channel id are
 * all the expected ones, and is delivered to no other origin than the peer's.
 */
export function openChannel({ id, peer, onMessage }: ChannelOptions): Channel {
  const listen = (event: MessageEvent<unknown>): void => {
    if (event.origin !== peer.origin || event.source !== peer.window()) return
    if (!isObject(event.data) || event.data.stripeChannel !== id) return
    const kind = textAt(event.data, 'kind')
    if (kind !== null) onMessage(kind, event.data.payload)
  }
  window.addEventListener('message', listen)
  return {
    send: (kind, payload) => peer.window()?.postMessage({ stripeChannel: id, kind, payload }, peer.origin),
    close: () => window.removeEventListener('message', listen),
  }
}

/** A channel id that another script cannot guess. `crypto.randomUUID` is missing on plain http. */
export function newChannelId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
