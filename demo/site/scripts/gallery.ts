import { showBalancePreview, showPreview } from '@stripe402/paywall/preview'
import { cardStandIn } from '../gallery/card-stand-in.js'
import { BALANCES, type RecordedBalance } from '../gallery/recorded-balances.js'
import { DIALOGS, IN_PAGE, ODDITIES, PAGES, type RecordedState } from '../gallery/recorded-states.js'
import { requiredElement } from './required-element.js'

const ORIGIN = 'https://api.nordlys.example'
const RIGHT_TO_LEFT = ['ar']

const settings = readSettings()
const gallery = requiredElement('gallery', HTMLElement)
const form = requiredElement('settings', HTMLFormElement)
for (const [name, value] of Object.entries(settings)) {
  const field = form.elements.namedItem(name)
  if (field instanceof HTMLSelectElement) field.value = value
}
form.addEventListener('change', () => form.requestSubmit())

const { documentElement } = document
documentElement.lang = settings.lang
documentElement.dir = RIGHT_TO_LEFT.includes(settings.lang) ? 'rtl' : 'ltr'
documentElement.dataset.theme = settings.theme
gallery.dataset.width = settings.width

const only = new URLSearchParams(location.search).get('only')
await Promise.all([
  section('The dialog', 'dialog', DIALOGS),
  section('In the page', 'panel', IN_PAGE),
  section('A page of its own', 'page', PAGES),
  section('What nobody should send', 'dialog', ODDITIES),
  section('The balance', 'balance', BALANCES),
])
documentElement.dataset.ready = ''

async function section(
  title: string,
  kind: string,
  recordings: readonly (RecordedState | RecordedBalance)[],
): Promise<void> {
  const shown = recordings.filter(({ id }) => only === null || id === only)
  if (shown.length === 0) return
  const element = document.createElement('section')
  const heading = document.createElement('h2')
  heading.textContent = title
  const frames = document.createElement('div')
  frames.className = 'frames'
  element.append(heading, frames)
  gallery.append(element)
  await Promise.all(shown.map((recording) => frame(frames, kind, recording)))
}

async function frame(
  frames: HTMLElement,
  kind: string,
  recording: RecordedState | RecordedBalance,
): Promise<void> {
  const figure = document.createElement('figure')
  const caption = document.createElement('figcaption')
  const place = document.createElement('div')
  figure.id = recording.id
  figure.className = kind
  caption.textContent = recording.title
  caption.lang = 'en'
  caption.dir = 'ltr'
  place.className = 'place'
  figure.append(caption, place)
  frames.append(figure)
  if ('history' in recording) return showBalancePreview(place, recording)
  if (recording.inline) {
    const teaser = document.createElement('p')
    teaser.textContent = 'Clear skies over the fjord until noon, then …'
    teaser.lang = 'en'
    place.append(teaser)
  } else place.append(cardStandIn())
  await showPreview(place, { origin: ORIGIN, ...recording })
}

function readSettings(): { width: string; theme: string; lang: string } {
  const given = new URLSearchParams(location.search)
  return {
    width: given.get('width') ?? '360',
    theme: given.get('theme') ?? 'auto',
    lang: given.get('lang') ?? 'en',
  }
}
