import { formatUnits } from '@stripe402/core'
import { html, render, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { copyText } from './copy-text.js'
import { addressOf, chargedUnits, type Exchange, headersOf, outcomeOf, type WireHeader } from './exchange.js'
import { jsonView } from './json-view.js'

/** The live list of exchanges, newest first. */
export interface ExchangeList {
  add(exchange: Exchange): void
  clear(): void
}

interface Entry {
  id: number
  exchange: Exchange
  /** The person opened or closed one of its headers: leave them as they are. */
  isTouched: boolean
}

const MOST_ENTRIES = 100

/** Shows exchanges in `container`, their sum in `tally`, and `clear` while there is something to clear. */
export function exchangeList(container: HTMLElement, tally: HTMLElement, clear: HTMLElement): ExchangeList {
  let entries: Entry[] = []
  let count = 0
  let charged = 0
  let spent = 0

  function update(): void {
    const [newest] = entries
    render(
      entries.length === 0
        ? html`<p class="nothing">Press a button: every request that carries a payment header appears here.</p>`
        : html`<ol>${repeat(
            entries,
            ({ id }) => id,
            (entry) => entryView(entry, entry === newest),
          )}</ol>`,
      container,
    )
    tally.textContent =
      count === 0 ? '' : `${count} so far: ${money(charged)} charged to the card, ${money(spent)} spent`
    clear.hidden = count === 0
  }

  update()
  return {
    add(exchange) {
      count += 1
      charged += chargedUnits(exchange)
      spent += exchange.receipt?.charged ?? 0
      entries = [{ id: count, exchange, isTouched: false }, ...entries].slice(0, MOST_ENTRIES)
      update()
    },
    clear() {
      entries = []
      count = 0
      charged = 0
      spent = 0
      update()
    },
  }
}

function money(units: number): string {
  return formatUnits(units, 'usd', 'en')
}

function entryView(entry: Entry, isNewest: boolean): TemplateResult {
  const { exchange } = entry
  const headers = headersOf(exchange)
  return html`<li class="exchange">
    <p class="request">
      <b class="status ${tone(exchange.status)}">${exchange.status}</b>
      <span class="address"><b>${exchange.method}</b> ${addressOf(exchange)}</span>
      <span class="time">${Math.round(exchange.durationMs)} ms</span>
    </p>
    <p class="outcome">${outcomeOf(exchange)}</p>
    ${headers.map((header) => headerView(header, entry, isNewest))}
  </li>`
}

function headerView({ name, direction, value }: WireHeader, entry: Entry, isNewest: boolean): TemplateResult {
  const touch = (): void => {
    entry.isTouched = true
  }
  return html`<details class=${name} ?open=${isNewest && !entry.isTouched}>
    <summary @click=${touch}><code>${name}</code> <span>${direction}</span></summary>
    <div class="value">
      <pre>${jsonView(value)}</pre>
      <button class="small" type="button" aria-label="Copy ${name}" @click=${copier(value)}>Copy</button>
    </div>
  </details>`
}

function copier(value: unknown): (event: Event) => Promise<void> {
  return async ({ currentTarget }) => {
    await copyText(JSON.stringify(value, null, 2))
    if (currentTarget instanceof HTMLElement) currentTarget.textContent = 'Copied'
  }
}

function tone(status: number): string {
  if (status === 402) return 'asks'
  return status < 400 ? 'ok' : 'fault'
}
