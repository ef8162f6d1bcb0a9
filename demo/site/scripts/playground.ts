import { listen } from '@stripe402/client'
import { html, render } from 'lit'
import { CALLS, type Call } from './calls.js'
import { exchangeList } from './exchange-list.js'
import { requiredElement } from './required-element.js'
import { paywallOfPage } from './site.js'

const answer = requiredElement('answer', HTMLPreElement)
const clear = requiredElement('clear', HTMLButtonElement)
const list = exchangeList(
  requiredElement('exchanges', HTMLElement),
  requiredElement('tally', HTMLElement),
  clear,
)

listen(paywallOfPage().events, 'exchange', ({ detail }) => list.add(detail))
clear.addEventListener('click', () => list.clear())

render(
  CALLS.map(
    (call, index) => html`<li>
      <button type="button" aria-describedby="call-${index}" @click=${run(call)}>${call.name}</button>
      <span class="price">${call.price}</span>
      <code id="call-${index}">${call.code}</code>
    </li>`,
  ),
  requiredElement('calls', HTMLElement),
)

function run(call: Call): (event: Event) => Promise<void> {
  return async ({ currentTarget }) => {
    if (!(currentTarget instanceof HTMLButtonElement) || currentTarget.ariaBusy === 'true') return
    currentTarget.ariaBusy = 'true'
    const button = currentTarget
    const startedAt = Date.now()
    try {
      await call.run((text) => {
        answer.textContent = text
      })
      if (call.isFree) list.add(untouched(startedAt))
    } catch (error) {
      answer.textContent = String(error)
    } finally {
      button.ariaBusy = null
    }
  }
}

/** The client does not report what it had nothing to do with; here that is the point. */
function untouched(startedAt: number): Parameters<typeof list.add>[0] {
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
