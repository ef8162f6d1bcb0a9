import { type Channel, openChannel } from '../wire/channel.js'

/**
 * The frame's end of the line to the page that made it. The page's id and origin come in the address; the browser
 * delivers to that origin only, so a lie about it reaches nobody.
 */
export function openPageChannel(onMessage: (kind: string, payload: unknown) => void): Channel {
  const parameters = new URLSearchParams(location.hash.slice(1))
  const origin = parameters.get('origin') ?? ''
  return openChannel({
    id: parameters.get('channel') ?? '',
    peer: { window: () => window.parent, origin },
    onMessage,
  })
}
