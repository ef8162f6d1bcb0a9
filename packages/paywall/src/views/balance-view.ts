import { formatUnits } from '@stripe402/core'
import { html, nothing, type TemplateResult } from 'lit/html.js'
import type { HistoryEntry } from '../balance/history.js'
import type { Balance } from '../events/balance-change-event.js'
import { say } from '../localization/say.js'

/** The history as far as it was asked for. */
export interface KnownHistory {
  readonly entries: readonly HistoryEntry[]
  readonly step: 'loading' | 'all' | 'more' | 'loading-more' | 'unavailable'
}

/** What the balance's views need besides the balance: how to write, and where presses go. */
export interface BalanceContext {
  /** The locale that amounts and dates are written in. */
  readonly locale: string
  readonly isLow: boolean
  readonly topUp: () => void
  readonly more: () => void
  readonly signOut: () => void
}

/** What stands in the panel: the credit, the top-up, what came and went, the way out. */
export function balanceView(
  { origin, currency, units }: Balance,
  history: KnownHistory,
  context: BalanceContext,
): TemplateResult {
  return html`<h2 id="title" class=${context.isLow ? 'low' : ''}>${say(context.isLow ? 'low-balance' : 'your-balance')}</h2>
    <p class="total"><bdi>${formatUnits(units, currency, context.locale)}</bdi></p>
    <p class="where"><bdi dir="ltr">${hostOf(origin)}</bdi></p>
    <button class="pay" type="button" @click=${context.topUp}>${say('top-up')}</button>
    ${historyView(history, currency, context)}
    <p class="hint">${say('sign-out-hint')}</p>
    <button class="quiet" type="button" @click=${context.signOut}>${say('sign-out')}</button>`
}

function historyView(
  { entries, step }: KnownHistory,
  currency: string,
  context: BalanceContext,
): TemplateResult | typeof nothing {
  if (step === 'unavailable' && entries.length === 0) return nothing
  const isLoading = step === 'loading' || step === 'loading-more'
  return html`<h3>${say('history')}</h3>
    ${entries.length === 0 && step === 'all' ? html`<p class="hint">${say('no-history')}</p>` : nothing}
    <ul aria-busy=${isLoading ? 'true' : 'false'}>
      ${entries.map((entry) => entryView(entry, currency, context))}
      ${step === 'loading' && entries.length === 0 ? html`<li class="skeleton" aria-hidden="true"></li>` : nothing}
    </ul>
    ${step === 'unavailable' ? html`<p class="hint" role="alert">${say('content-failed')}</p>` : nothing}
    ${
      step === 'loading' || step === 'all'
        ? nothing
        : html`<button class="link" type="button" aria-busy=${isLoading ? 'true' : 'false'} @click=${context.more}>${say('more')}</button>`
    }`
}

const KINDS = { top_up: 'top-up-entry', refund: 'refund-entry', dispute: 'dispute-entry' } as const

function entryView(
  { kind, units, reference, atMs }: HistoryEntry,
  currency: string,
  { locale }: BalanceContext,
): TemplateResult {
  const amount = formatUnits(Math.abs(units), currency, locale)
  const at = new Date(atMs)
  const when = at.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' })
  return html`<li class=${units > 0 ? 'came' : ''} tabindex="-1">
    <span class="what">
      ${kind === 'spend' ? html`<bdi title=${reference}>${pathOf(reference)}</bdi>` : say(KINDS[kind])}
      <small><time datetime=${at.toISOString()}>${when}</time>${
        kind === 'spend' ? nothing : html` · ${say('receipt', '')} <code>${reference}</code>`
      }</small>
    </span>
    <bdi class="amount">${units > 0 ? '+' : '−'}${amount}</bdi>
  </li>`
}

/** Of “GET /api/weather?city=Oslo” what a person knows a page by. */
function pathOf(reference: string): string {
  return reference.replace(/^[A-Z]+ (\/[^?]*).*$/s, '$1')
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin
}
