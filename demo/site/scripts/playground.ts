import { listen } from '@stripe402/client'
import { CALLS, type Call } from './calls.js'
import type { Exchange } from './exchange.js'
import { exchangeList } from './exchange-list.js'
import { requiredElement } from './required-element.js'
import { paywall } from './site.js'

const answer = requiredElement('answer', HTMLPreElement)
const clear = requiredElement('clear', HTMLButtonElement)
const list = exchangeList(
  requiredElement('exchanges', HTMLElement),
  requiredElement('tally', HTMLElement),
  clear,
)

void paywall.then(({ events }) => listen(events, 'exchange', ({ detail }) => list.add(detail)))
clear.addEventListener('click', () => list.clear())
for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-call]')) {
  const call = CALLS[button.dataset.call ?? '']
  if (call) button.addEventListener('click', () => void press(button, call))
}

/** Whose answer stands there. */
let latest: Call | undefined

async function press(button: HTMLButtonElement, call: Call): Promise<void> {
  if (button.ariaBusy === 'true') return
  button.ariaBusy = 'true'
  const startedAt = Date.now()
  try {
    await paywall
    let isFirst = true
    await call((text) => {
      // A stream goes on where it has begun, and not over an answer that came after.
      if (isFirst) latest = call
      isFirst = false
      if (latest === call) answer.textContent = text
    })
    if (call === CALLS.health) list.add(untouched(startedAt))
  } catch (error) {
    answer.textContent = String(error)
  } finally {
    button.ariaBusy = null
  }
}

/** The client does not report what it had nothing to do with; here that is the point. */
function untouched(startedAt: number): Exchange {
  return {
    origin: location.origin,
    url: new URL('/api/health', location.href).href,
    method: 'GET',
    status: 200,
    payment: null,
    challenge: null,
    receipt: null,
    startedAt,
    durationMs: Date.now() - startedAt,
  }
}
