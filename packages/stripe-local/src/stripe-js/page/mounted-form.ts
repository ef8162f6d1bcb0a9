import type { CardFormSetup } from '../wire/card-form-setup.js'
import { isObject, type JsonObject } from '../wire/json.js'
import { hostFrame, setStyles } from './hosted-frame.js'
import { IntegrationError } from './integration-error.js'

/** A card form inside a page. */
export interface MountedForm {
  readonly container: HTMLElement
  /** Asks the form for something that takes an answer. Waits until the form has loaded. */
  readonly request: (action: string, params?: unknown) => Promise<JsonObject>
  /** Tells the form something. Waits until the form has loaded. */
  readonly tell: (kind: string, payload?: unknown) => void
  readonly close: () => void
}

/** How to mount a card form. */
export interface MountOptions {
  readonly container: HTMLElement
  readonly scriptOrigin: string
  readonly setup: () => CardFormSetup
  /** Hears `ready`, `change`, `focus`, `blur`, `escape`, `enter` and `loaderror` as they come from the frame. */
  readonly onEvent: (kind: string, payload: unknown) => void
}

interface Waiting {
  readonly resolve: (result: JsonObject) => void
  readonly reject: (error: Error) => void
}

/** How long a frame whose document has loaded may stay silent before it counts as blocked. */
const silenceMs = 5_000

/** Puts the form's frame into the container. A frame that the page moves is loaded anew, and what was typed is gone. */
export function mountForm({ container, scriptOrigin, setup, onEvent }: MountOptions): MountedForm {
  const waiting = new Map<string, Waiting>()
  let queue: (() => void)[] = []
  let isReady = false
  let silence: number | undefined
  let requestsSoFar = 0

  const frame = hostFrame({
    scriptOrigin,
    page: 'card-form.html',
    title: 'Secure payment input frame',
    onMessage: hear,
  })
  const holder = document.createElement('div')
  holder.className = '__PrivateStripeElement'
  setStyles(holder, { margin: '0', padding: '0', border: 'none', display: 'block', position: 'relative' })
  setStyles(frame.iframe, {
    border: 'none',
    // Room for focus rings, which the frame would clip at its edge.
    margin: '-4px',
    padding: '0',
    width: 'calc(100% + 8px)',
    'max-width': 'none',
    height: `${expectedHeight(container.clientWidth, setup().variant)}px`,
    display: 'block',
    overflow: 'hidden',
    opacity: '0',
    'user-select': 'none',
    // Otherwise a page in dark mode gives the transparent frame an opaque white canvas.
    'color-scheme': 'light only',
  })
  frame.iframe.addEventListener('load', () => {
    clearTimeout(silence)
    silence = window.setTimeout(() => onEvent('loaderror', null), silenceMs)
  })
  holder.append(frame.iframe)
  container.replaceChildren(holder)

  function hear(kind: string, payload: unknown): void {
    if (kind === 'hello') greet()
    else if (kind === 'ready') open()
    else if (kind === 'height' && typeof payload === 'number') resize(payload)
    else if (kind === 'reply' && isObject(payload)) settle(payload)
    else onEvent(kind, payload)
  }

  function greet(): void {
    clearTimeout(silence)
    // The page believes what the document before this one said.
    if (isReady) queue.push(() => frame.send('report'))
    isReady = false
    abandon()
    frame.send('setup', setup())
  }

  function open(): void {
    clearTimeout(silence)
    isReady = true
    setStyles(frame.iframe, { opacity: '1' })
    const jobs = queue
    queue = []
    for (const job of jobs) job()
    onEvent('ready', null)
  }

  function resize(height: number): void {
    setStyles(frame.iframe, { height: `${Math.ceil(height)}px` })
  }

  function settle(reply: JsonObject): void {
    const id = String(reply.id)
    waiting.get(id)?.resolve(isObject(reply.result) ? reply.result : {})
    waiting.delete(id)
  }

  /** Whoever still waits for the previous document would wait for ever. */
  function abandon(): void {
    for (const { reject } of waiting.values()) {
      reject(
        new IntegrationError(
          'We could not retrieve data from the specified Element. Please make sure the Element you are attempting to use is still mounted.',
        ),
      )
    }
    waiting.clear()
  }

  function whenReady(job: () => void): void {
    if (isReady) job()
    else queue.push(job)
  }

  return {
    container,
    tell: (kind, payload) => whenReady(() => frame.send(kind, payload)),
    request: (action, params) =>
      new Promise((resolve, reject) => {
        requestsSoFar += 1
        const id = String(requestsSoFar)
        whenReady(() => {
          waiting.set(id, { resolve, reject })
          frame.send('request', { id, action, params })
        })
      }),
    close: () => {
      clearTimeout(silence)
      abandon()
      frame.close()
      holder.remove()
    },
  }
}

/** The height that the form will most likely take, so that the page moves little when it does. */
function expectedHeight(width: number, variant: CardFormSetup['variant']): number {
  if (variant === 'card') return 28
  return width >= 552 ? 153 : 231
}
