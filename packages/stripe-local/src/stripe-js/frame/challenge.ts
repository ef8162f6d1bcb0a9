import { formatMinor } from '../text/money.js'
import { callApi } from '../wire/api.js'
import { type ChallengeSetup, readChallengeSetup } from './challenge-setup.js'
import { byId } from './dom.js'
import { openPageChannel } from './page-channel.js'

/** How often to ask whether the payment was approved elsewhere, in a banking app for instance. */
const pollEveryMs = 2_000

const complete = byId('complete', HTMLButtonElement)
const fail = byId('fail', HTMLButtonElement)
const close = byId('close', HTMLButtonElement)
const stops: readonly (Element | null)[] = [close, complete, fail]
let setup: ChallengeSetup | null = null
let isDeciding = false

const channel = openPageChannel((kind, payload) => {
  if (kind !== 'setup' || setup) return
  setup = readChallengeSetup(payload)
  if (!setup) return
  describe(setup)
  byId('title', HTMLHeadingElement).focus()
  poll(setup)
})

function describe({ amountMinor, currency, intentId }: ChallengeSetup): void {
  const hasAmount = amountMinor !== null && currency !== null
  byId('amount-row', HTMLElement).hidden = !hasAmount
  byId('amount', HTMLElement).textContent = hasAmount ? formatMinor(amountMinor, currency, 'en') : ''
  byId('date', HTMLElement).textContent = new Intl.DateTimeFormat('en', { dateStyle: 'medium' }).format(
    new Date(),
  )
  byId('reference', HTMLElement).textContent = intentId
  if (!hasAmount) byId('title', HTMLElement).textContent = 'Approve this card'
}

async function decide(outcome: 'approve' | 'fail'): Promise<void> {
  if (!setup || isDeciding) return
  setDeciding(true)
  const result = await callApi(setup, {
    method: 'POST',
    path: '/v1/3ds2/authenticate',
    fields: [
      ['intent', setup.intentId],
      ['client_secret', setup.clientSecret],
      ['outcome', outcome],
    ],
  })
  // Refused because it was decided elsewhere meanwhile: the intent knows better than this page.
  if (result.kind === 'object' || (await isDecided(setup))) return channel.send('finished')
  setDeciding(false)
  byId('alert', HTMLElement).textContent =
    `The bank could not be reached. Try again. (${result.error.message ?? result.error.type})`
}

function setDeciding(value: boolean): void {
  isDeciding = value
  byId('alert', HTMLElement).textContent = ''
  byId('status', HTMLElement).textContent = value ? 'One moment, talking to your bank…' : ''
  for (const button of [complete, fail]) button.setAttribute('aria-disabled', String(value))
}

async function isDecided(challenge: ChallengeSetup): Promise<boolean> {
  const outcome = await callApi(challenge, {
    method: 'GET',
    path: challenge.intentPath,
    fields: [['client_secret', challenge.clientSecret]],
  })
  return outcome.kind === 'object' && outcome.object.status !== 'requires_action'
}

function poll(challenge: ChallengeSetup): void {
  setTimeout(async () => {
    if (!isDeciding && (await isDecided(challenge))) channel.send('finished')
    else poll(challenge)
  }, pollEveryMs)
}

/** The page behind the frame must not get the focus while the challenge covers it. */
function keepFocusInside(event: KeyboardEvent): void {
  const at = stops.indexOf(document.activeElement)
  const next = at === -1 ? (event.shiftKey ? stops.length - 1 : 1) : at + (event.shiftKey ? -1 : 1)
  const stop = stops[(next + stops.length) % stops.length]
  if (stop instanceof HTMLElement) stop.focus()
  event.preventDefault()
}

complete.addEventListener('click', () => decide('approve'))
fail.addEventListener('click', () => decide('fail'))
close.addEventListener('click', () => decide('fail'))
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') void decide('fail')
  if (event.key === 'Tab') keepFocusInside(event)
})
channel.send('hello')
