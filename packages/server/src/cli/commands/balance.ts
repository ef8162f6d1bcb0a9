import type { Account } from '../../store.js'
import { money } from '../amounts.js'
import { type Call, type Command, clientOf } from '../command.js'
import { table } from '../table.js'

/** `stripe402 balance` */
export const balanceCommand: Command = {
  name: 'balance',
  synopsis: '<clientId>',
  summary: 'What a client has, by currency.',
  options: {},
  arguments: 1,
  async run(call) {
    const clientId = clientOf(call)
    const { terminal, isJson } = call
    const accounts = await accountsOf(call)
    if (isJson) terminal.say(JSON.stringify({ clientId, accounts }))
    else if (accounts.length === 0) terminal.say('This client has no account.')
    else for (const line of table([HEAD, ...accounts.map(rowOf)])) terminal.say(line)
    return 0
  },
}

/** The accounts of the client that a command is about; says so when the store cannot know. */
export async function accountsOf(call: Call): Promise<Account[]> {
  const { store } = call.stripe402.settings
  if ((await store.start()).type === 'blank')
    call.terminal.note(
      'stripe402: the store is blank: what is missing here may be at Stripe. See: npx stripe402 reconcile --help',
    )
  return store.accounts(clientOf(call))
}

const HEAD = ['', 'available', 'held', 'spent', 'credited', 'debited', '']

function rowOf({ currency, available, held, spent, credited, debited, frozen }: Account): string[] {
  const amounts = [available, held, spent, credited, debited].map((units) => money(units, currency))
  return [currency, ...amounts, frozen ? 'frozen' : '']
}
