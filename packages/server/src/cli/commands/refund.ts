import { randomUUID } from 'node:crypto'
import { ConfigurationError } from '../../configuration-error.js'
import { readAmounts } from '../../price.js'
import {
  isRefundOrder,
  type RefundedPart,
  type RefundOptions,
  type RefundReport,
} from '../../refund/refund-client.js'
import type { Account } from '../../store.js'
import { money } from '../amounts.js'
import { type Call, type Command, clientOf, type ExitCode, textOf } from '../command.js'
import { refuseBlank } from '../refuse-blank.js'
import { table } from '../table.js'
import { UsageError } from '../usage-error.js'
import { accountsOf } from './balance.js'

/** `stripe402 refund` */
export const refundCommand: Command = {
  name: 'refund',
  synopsis: '<clientId> [--amount <money> [--order <id>]] [--dry-run] [--yes]',
  summary:
    'Return unspent credit to the cards it came from. Running it again (an amount: with its order) refunds nothing twice.',
  options: {
    amount: {
      type: 'string',
      help: "at most this much: '$1.50', '1.50 eur' (default: everything that is unspent)",
    },
    order: {
      type: 'string',
      help: 'go on with an amount that was begun: under one order no more than the amount goes back',
    },
    'dry-run': { type: 'boolean', help: 'only say what would be refunded' },
    yes: { type: 'boolean', short: 'y', help: 'do not ask' },
  },
  arguments: 1,
  async run(call) {
    const { stripe402, terminal, options, isJson } = call
    const clientId = clientOf(call)
    const amount = readOrder(call, readAmount(call, await accountsOf(call)))
    await refuseBlank(stripe402)
    const isDryRun = options['dry-run'] === true
    const onLook = (id: string): void => terminal.progress(`refund: looking at ${id}`)
    if (!isDryRun && !isJson && options.yes !== true && terminal.ask) {
      const plan = await stripe402.refund(clientId, { amount, isDryRun: true, onLook })
      for (const line of linesOf(plan)) terminal.say(line)
      if (plan.parts.every(({ result }) => result !== 'planned')) return exitCodeOf(plan)
      const answer = await terminal.ask('Refund this? [y/N] ')
      if (!/^y(es)?$/i.test(answer.trim())) {
        terminal.say('Nothing was refunded.')
        return 0
      }
    }
    // Said before it begins: without it, whoever has to run this again would refund again.
    if (amount && !isDryRun) terminal.note(`To run this refund again, add: --order ${amount.order}`)
    const report = await stripe402.refund(clientId, {
      amount,
      isDryRun,
      onLook,
      onProgress: ({ paymentIntentId }) => terminal.progress(`refund: ${paymentIntentId}`),
    })
    if (isJson) terminal.say(JSON.stringify(report))
    else for (const line of linesOf(report)) terminal.say(line)
    return exitCodeOf(report)
  },
}

function exitCodeOf({ parts }: RefundReport): ExitCode {
  return parts.every(({ result }) => result === 'refunded' || result === 'planned') ? 0 : 1
}

/** An amount is refunded once per order; a new one gets a new order. */
function readOrder(
  call: Call,
  amount: { currency: string; units: number } | undefined,
): RefundOptions['amount'] {
  const order = textOf(call, 'order')
  if (amount) {
    if (order !== undefined && !isRefundOrder(order))
      throw new UsageError(`--order ${order} is no order: use the one that the first run printed.`)
    return { ...amount, order: order ?? randomUUID() }
  }
  if (order === undefined) return undefined
  throw new UsageError('--order goes on with an amount: add --amount.')
}

/** An amount without a currency is one of the client's only account. */
function readAmount(
  call: Call,
  accounts: readonly Account[],
): { currency: string; units: number } | undefined {
  const text = textOf(call, 'amount')
  if (text === undefined) return undefined
  const [only, ...more] = accounts
  if (/^[\d.\s]+$/.test(text) && more.length > 0)
    throw new UsageError(
      `--amount ${text} names no currency, and this client has several: write ${text} usd.`,
    )
  try {
    const [amount] = readAmounts(text, only?.currency ?? 'usd')
    if (amount && amount.units > 0) return amount
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
  }
  throw new UsageError(`--amount ${text} is no amount of money: write '$1.50' or '1.50 eur'.`)
}

const REASONS: Readonly<Record<string, string>> = {
  account_frozen: 'the account is frozen by a dispute, or owes something',
  spent_meanwhile: 'it was spent meanwhile',
  charge_disputed: 'the payment is disputed',
  charge_already_refunded: 'the payment was refunded already',
  unknown_issuer: 'the payment was made under a SERVER_SECRET that is not configured any more',
  stripe_unreachable: 'STRIPE_SECRET_KEY may not refund',
  earlier_run: 'an earlier run was stopped here; its units return within ten minutes: run it again then',
  no_answer:
    'Stripe did not answer: it may have been refunded or not; run it again in ten minutes, and until tomorrow while Stripe says the same',
}

function linesOf({ order, parts, accounts, isCertain }: RefundReport): string[] {
  const lines = table(parts.map(rowOf)).map((line, index) => {
    const reason = parts[index]?.reason ?? null
    return reason === null ? line : `${line}  ${REASONS[reason] ?? reason}`
  })
  const left = accounts.map(({ currency, available, held }) => {
    const waiting = held > 0 ? `, and ${money(held, currency)} held by requests under way` : ''
    return `${money(available, currency)} left${waiting}`
  })
  if (parts.length === 0) lines.push('There is nothing to refund.')
  if (!isCertain)
    lines.push(
      `The outcome is not known: run it again in ten minutes${order === null ? '' : ` with --order ${order}`}.`,
    )
  return [...lines, ...left]
}

function rowOf({ paymentIntentId, result, units, currency, refundId }: RefundedPart): string[] {
  return [`${paymentIntentId}  ${result}`, money(units, currency), refundId ?? '']
}
