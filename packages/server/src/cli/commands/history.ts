import type { AccountKey, HistoryEntry, Store } from '../../store.js'
import { moment, money } from '../amounts.js'
import { type Call, type Command, textOf } from '../command.js'
import { table } from '../table.js'
import { UsageError } from '../usage-error.js'
import { accountsOf } from './balance.js'

const PAGE = 1000
const SHOWN = 50

/** `stripe402 history` */
export const historyCommand: Command = {
  name: 'history',
  synopsis: '<clientId> [--currency <code>] [--limit <n>]',
  summary:
    'What a client paid, spent and got back, newest first. With --json one line each, and all of them.',
  options: {
    currency: { type: 'string', help: 'one currency only' },
    limit: { type: 'string', help: `at most so many lines per currency (default ${SHOWN}; with --json all)` },
  },
  arguments: 1,
  async run(call) {
    const { terminal, stripe402, isJson } = call
    const limit = readLimit(call)
    const currency = textOf(call, 'currency')?.toLowerCase()
    const all = await accountsOf(call)
    const accounts = all.filter((one) => currency === undefined || one.currency === currency)
    for (const account of accounts) {
      if (isJson)
        for await (const entry of entriesOf(stripe402.settings.store, account, limit))
          terminal.say(JSON.stringify({ currency: account.currency, ...entry }))
      else {
        const entries: HistoryEntry[] = []
        for await (const entry of entriesOf(stripe402.settings.store, account, limit)) entries.push(entry)
        for (const line of linesOf(entries, account.currency)) terminal.say(line)
      }
    }
    if (!isJson && accounts.length === 0) terminal.say(noneSaid(currency, all))
    return 0
  },
}

function noneSaid(currency: string | undefined, all: readonly AccountKey[]): string {
  if (currency === undefined || all.length === 0) return 'This client has no account.'
  const others = all.map((one) => one.currency.toUpperCase()).join(' and ')
  return `This client has no account in ${currency.toUpperCase()}, but in ${others}.`
}

function linesOf(entries: readonly HistoryEntry[], currency: string): string[] {
  const rows = entries.map(({ atMs, kind, units }) => [
    `${moment(atMs)}  ${kind.padEnd(7)}`,
    money(units, currency),
  ])
  return table(rows).map((line, index) => `${line}  ${printable(entries[index]?.reference ?? '')}`)
}

function readLimit(call: Call): number {
  const text = textOf(call, 'limit')
  if (text === undefined) return call.isJson ? Number.POSITIVE_INFINITY : SHOWN
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError(`--limit ${text} is not a whole number from 1 on.`)
  return Number(text)
}

async function* entriesOf(store: Store, account: AccountKey, limit: number): AsyncGenerator<HistoryEntry> {
  let left = limit
  let before: string | undefined
  while (left > 0) {
    const asked = Math.min(left, PAGE)
    const page = await store.history(account, { limit: asked, before })
    yield* page
    if (page.length < asked) return
    left -= page.length
    before = page.at(-1)?.id
  }
}

/** A URL is what somebody sent us; a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}\ufffd]/gu, '?')
}
