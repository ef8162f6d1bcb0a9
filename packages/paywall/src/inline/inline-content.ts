import { listen, type Payer, rawFetch, wrapFetch } from '@stripe402/client'
import type { PaymentRequired } from '@stripe402/core'
import type { PayingElement } from '../checkout/checkout.js'
import { originsOf } from '../element-base.js'
import { ContentEvent } from '../events/content-event.js'
import { PaywallErrorEvent } from '../events/error-event.js'
import type { InlineState } from './inline-state.js'
import { contentOf } from './paid-content.js'
import { replaceTeaser } from './replace-teaser.js'

/** What inline content needs from its element. */
export interface InlinePort {
  element: PayingElement
  show(state: InlineState): void
  /** Speaks the element's language: to be called before anything is said. */
  speak(): void
}

/** The resource behind one inline paywall. */
export interface InlineContent {
  /** Asks for the resource with what credit there is; without enough, it stays locked. Not for what is shown, or on its way. */
  load(url: string): Promise<void>
  /** Asks the person to pay for it, while it is locked. */
  unlock(): Promise<void>
  /** Asks for the same resource once more; after a failure credit, too, is spent only after the person has said so. */
  again(): Promise<void>
  /** The one button was pressed: unlocks, or asks once more. */
  press(): Promise<void>
  /** Forgets an answer that is still on its way, unless it is the paid one. */
  stop(): void
  /** Forgets what is shown, too. */
  clear(): void
}

/** Creates the loader of an inline paywall. */
export function createInlineContent({ element, speak, ...port }: InlinePort): InlineContent {
  let state: InlineState = { step: 'loading' }
  let current = ''
  let running = new AbortController()
  /** The resource is here, or its body is on its way. */
  let isServed = false
  /** Object URLs of what is shown: good for as long as it is, also once `src` is gone. */
  let urls: string[] = []

  function show(next: InlineState): void {
    state = next
    port.show(next)
  }

  async function request(url: string, payer: Payer | undefined, mustConfirm: boolean): Promise<void> {
    running.abort()
    running = new AbortController()
    isServed = false
    const { signal } = running
    const { events } = element
    let challenge: PaymentRequired | undefined
    let isPaid = false
    const unlisteners = [
      listen(events, 'payment-required', ({ detail }) => {
        if (detail.url === url) challenge = detail.challenge
      }),
      listen(events, 'exchange', ({ detail }) => {
        if (detail.url === url) isPaid = detail.payment !== null && detail.status < 400
      }),
    ]
    try {
      const mode = payer ? 'wait' : 'event'
      const policy = mustConfirm ? { askAbove: 0 } : {}
      const paidFetch = wrapFetch(rawFetch, { payer, mode, policy, events, origins: originsOf(element) })
      const response = await paidFetch(url, {
        signal,
        headers: { accept: 'text/html, text/*, image/*, */*;q=0.8' },
      })
      if (signal.aborted) return
      if (response.status === 402 && challenge)
        return show({ step: 'locked', challenge, origin: new URL(response.url).origin })
      if (!response.ok) throw new Error(`The paid resource answered ${response.status}.`)
      isServed = true
      const made: string[] = []
      const content =
        element.dispatchEvent(new ContentEvent(response)) && (await contentOf(response, speak, made))
      if (signal.aborted) return revoke(made)
      if (content) {
        replaceTeaser(element, content)
        revoke(urls)
        urls = made
      }
      show({ step: 'open' })
    } catch (error) {
      if (signal.aborted) return
      element.dispatchEvent(new PaywallErrorEvent(error))
      show({ step: 'failed', isPaid })
    } finally {
      for (const unlisten of unlisteners) unlisten()
    }
  }

  async function again(): Promise<void> {
    // What failed may have been paid for.
    const mustConfirm = state.step === 'failed' || element.confirm
    show({ step: 'loading' })
    await request(current, undefined, mustConfirm)
  }

  async function unlock(): Promise<void> {
    if (state.step !== 'locked') return
    show({ ...state, step: 'unlocking' })
    await request(current, element.payer, element.confirm)
  }

  /** Whether nothing more is to be asked: it is shown, or on its way. */
  function isSettled(): boolean {
    return state.step !== 'locked' && state.step !== 'failed' && !running.signal.aborted
  }

  return {
    async load(url) {
      const { href } = new URL(url, document.baseURI)
      // An element that was only moved shows what was paid for.
      if (href === current && isSettled()) return
      // Another one has not failed.
      if (href !== current) state = { step: 'loading' }
      current = href
      await again()
    },
    again,
    unlock,
    press: () => (state.step === 'failed' ? again() : unlock()),
    stop() {
      // It is paid for, and the page may still read what it has taken over.
      if (!isServed) running.abort()
    },
    clear() {
      running.abort()
      current = ''
    },
  }
}

function revoke(urls: readonly string[]): void {
  for (const url of urls) URL.revokeObjectURL(url)
}
