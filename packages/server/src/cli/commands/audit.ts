import type { FullAuditReport } from '../../audit/audit.js'
import type { Stripe402 } from '../../create-stripe402.js'
import { money } from '../amounts.js'
import { type Command, textOf } from '../command.js'
import { table } from '../table.js'
import { UsageError } from '../usage-error.js'

/** `stripe402 audit` */
export const auditCommand: Command = {
  name: 'audit',
  synopsis: '[--local] [--settle <seconds>]',
  summary: 'Check every account by the rules of the ledger and against Stripe. Changes nothing.',
  options: {
    local: { type: 'boolean', help: 'check the store alone, without asking Stripe' },
    settle: { type: 'string', help: 'a difference younger than so many seconds is in flight (default 60)' },
  },
  arguments: 0,
  async run({ stripe402, terminal, options, isJson }) {
    const report = await stripe402.audit({
      isLocal: options.local === true,
      settleMs: readSettleMs(textOf({ options }, 'settle')),
      onProgress: (step, seen) => terminal.progress(`audit: ${seen} ${step}`),
    })
    if (isJson) terminal.say(JSON.stringify({ ok: report.breaks.length === 0, ...report }))
    else {
      for (const line of linesOf(report)) terminal.say(line)
      if (report.breaks.some(({ rule }) => RECONCILED.has(rule))) terminal.say(await adviceFor(stripe402))
    }
    return report.breaks.length === 0 ? 0 : 1
  },
}

function readSettleMs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--settle ${text} is not a number of seconds.`)
  return Number(text) * 1000
}

function linesOf({ accounts, totals, stripe, inFlight, breaks }: FullAuditReport): string[] {
  const currencies = Object.keys({ ...totals, ...stripe }).sort()
  const here = currencies.map((currency) => {
    const { credited = 0, debited = 0, available = 0, held = 0, spent = 0 } = totals[currency] ?? {}
    return [currency, ...[credited, debited, available, held, spent].map((units) => money(units, currency))]
  })
  const there = currencies.map((currency) => {
    const { charged = 0, refunded = 0, disputed = 0 } = stripe?.[currency] ?? {}
    return [currency, ...[charged, refunded, disputed].map((units) => money(units, currency))]
  })
  return [
    ...table([['store', 'credited', 'debited', 'available', 'held', 'spent'], ...here]),
    ...(stripe === null ? [] : ['', ...table([['Stripe', 'charged', 'refunded', 'disputed'], ...there])]),
    '',
    ...breaks.map(
      ({ rule, account, detail }) => `BREAK ${rule} ${account.clientId} ${account.currency}: ${detail}`,
    ),
    `${counted(accounts, 'account')}, ${counted(breaks.length, 'break')}${
      inFlight > 0 ? `, ${inFlight} with money in flight` : ''
    }${stripe === null ? ' (Stripe was not asked)' : ''}`,
  ]
}

/** Breaks that go once the store is told what Stripe knows. */
const RECONCILED: ReadonlySet<string> = new Set([
  'charged_not_credited',
  'debited_differently',
  'frozen_differently',
])

async function adviceFor({ settings }: Pick<Stripe402, 'settings'>): Promise<string> {
  const how =
    (await settings.store.start()).type === 'ready'
      ? 'reconcile (with --since <date> for what is older than its last run)'
      : 'reconcile --rebuild (this store is blank: it is new, lost its data, or is not the one of your server)'
  return `What Stripe knows and the store does not is written down by: npx stripe402 ${how}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
