import { listen, type Payer, rawFetch, wrapFetch } from '@stripe402/client'
import type { PaymentRequired } from '@stripe402/core'
import { ContentEvent } from '../events/content-event.js'
import { PaywallErrorEvent } from '../events/error-event.js'
import type { InlineState } from './inline-state.js'
import { contentOf } from './paid-content.js'

/** What inline content needs from its element. */
export interface InlinePort {
  payer: Payer
  /** Where the client reports what it does. */
  events: EventTarget
  origins: () => readonly string[]
  /** Whether credit, too, is spent only after the person has said so. */
  mustConfirm: () => boolean
  emit(event: Event): boolean
  show(state: InlineState): void
  /** Puts the paid content in the place of the teaser. */
  replace(content: Node): void
}

/** The resource behind one inline paywall. */
export interface InlineContent {
  /** Asks for the resource with what credit there is; without enough, it stays locked. Not for what is shown, or on its way. */
  load(url: string): Promise<void>
  /** Asks the person to pay for it. */
  unlock(): Promise<void>
  /** Asks for the same resource once more. */
  again(): Promise<void>
  /** Forgets an answer that is still on its way. */
  stop(): void
  /** Forgets what is shown, too. */
  clear(): void
}

/** Creates the loader of an inline paywall. */
export function createInlineContent(port: InlinePort): InlineContent {
  let state: InlineState = { step: 'loading' }
  let current = ''
  let running = new AbortController()

  function show(next: InlineState): void {
    state = next
    port.show(next)
  }

  async function request(url: string, payer: Payer | undefined): Promise<void> {
    running.abort()
    running = new AbortController()
    const { signal } = running
    let challenge: PaymentRequired | undefined
    const unlisten = listen(port.events, 'payment-required', ({ detail }) => {
      if (detail.url === url) challenge = detail.challenge
    })
    try {
      const mode = payer ? 'wait' : 'event'
      const policy = port.mustConfirm() ? { askAbove: 0 } : {}
      const { events } = port
      const paidFetch = wrapFetch(rawFetch, { payer, mode, policy, events, origins: port.origins() })
      const response = await paidFetch(url, { signal, headers: { accept: 'text/html, text/*, image/*' } })
      if (signal.aborted) return
      await settle(response, challenge)
    } catch (error) {
      if (signal.aborted) return
      port.emit(new PaywallErrorEvent(error))
      show({ step: 'failed' })
    } finally {
      unlisten()
    }
  }

  async function settle(response: Response, challenge: PaymentRequired | undefined): Promise<void> {
    if (response.status === 402 && challenge)
      return show({ step: 'locked', challenge, origin: new URL(response.url).origin })
    if (!response.ok) throw new Error(`The paid resource answered ${response.status}.`)
    if (port.emit(new ContentEvent(response))) port.replace(await contentOf(response))
    show({ step: 'open' })
  }

  async function again(): Promise<void> {
    show({ step: 'loading' })
    await request(current, undefined)
  }

  /** Whether nothing more is to be asked: it is shown, or the question is on its way. */
  function isSettled(): boolean {
    return state.step === 'open' || (state.step === 'loading' && !running.signal.aborted)
  }

  return {
    async load(url) {
      const { href } = new URL(url, document.baseURI)
      // An element that was only moved shows what was paid for.
      if (href === current && isSettled()) return
      current = href
      await again()
    },
    again,
    async unlock() {
      if (state.step === 'failed') return again()
      if (state.step !== 'locked') return
      show({ ...state, step: 'unlocking' })
      await request(current, port.payer)
    },
    stop() {
      // The page may still read what it has taken over.
      if (state.step !== 'open') running.abort()
    },
    clear() {
      running.abort()
      current = ''
    },
  }
}
