import { type Channel, newChannelId, openChannel } from '../wire/channel.js'

/** A frame from Stripe's origin and the line to it. */
export interface HostedFrame extends Channel {
  readonly iframe: HTMLIFrameElement
}

/** Which frame to host. */
export interface HostedFrameOptions {
  readonly scriptOrigin: string
  /** The page below `/endive/frames/`. */
  readonly page: 'card-form.html' | 'challenge.html'
  readonly title: string
  readonly onMessage: (kind: string, payload: unknown) => void
}

let framesSoFar = 0

/** Makes an iframe on Stripe's origin, not yet in the document, and opens the channel that only it can answer. */
export function hostFrame({ scriptOrigin, page, title, onMessage }: HostedFrameOptions): HostedFrame {
  framesSoFar += 1
  const id = newChannelId()
  const iframe = document.createElement('iframe')
  iframe.name = `__privateStripeFrame${framesSoFar}`
  iframe.title = title
  iframe.allow = 'payment *; publickey-credentials-get *'
  iframe.src = `${scriptOrigin}/endive/frames/${page}#${new URLSearchParams({ channel: id, origin: location.origin })}`
  const channel = openChannel({
    id,
    peer: { window: () => iframe.contentWindow, origin: scriptOrigin },
    onMessage,
  })
  return {
    iframe,
    send: channel.send,
    close: () => {
      channel.close()
      iframe.remove()
    },
  }
}

/** Sets styles through the CSSOM, which a page's `style-src` leaves alone, and above the page's own rules. */
export function setStyles(element: HTMLElement, styles: Readonly<Record<string, string>>): void {
  for (const [property, value] of Object.entries(styles))
    element.style.setProperty(property, value, 'important')
}
