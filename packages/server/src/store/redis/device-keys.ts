import type { AccountKey, AccountKeys } from '../../store.js'
import { checkAccountKey, checkKey, MOST_KEYS } from '../checked-input.js'
import { accountKeys } from './keys.js'
import { readInteger, readReply } from './replies.js'
import type { ScriptCall } from './script-runner.js'

type Run = (call: ScriptCall) => Promise<unknown>

/** Binds a key and gives the era. */
export async function bindKey(run: Run, key: AccountKey, thumbprint: string): Promise<number> {
  checkKey(key, thumbprint)
  return readInteger(await run({ script: 'bind-key', keys: keysOf(key), args: [thumbprint, MOST_KEYS] }))
}

/** Reads the keys of an account. */
export async function readKeys(run: Run, key: AccountKey): Promise<AccountKeys> {
  checkAccountKey(key)
  const [era, ...thumbprints] = readReply(await run({ script: 'account-keys', keys: keysOf(key), args: [] }))
  return { era: readInteger(era), thumbprints: thumbprints.map(String) }
}

/** Begins a new era. */
export async function signOut(run: Run, key: AccountKey): Promise<void> {
  checkAccountKey(key)
  await run({ script: 'sign-out', keys: keysOf(key), args: [] })
}

function keysOf(key: AccountKey): string[] {
  const { account, keys } = accountKeys(key)
  return [account, keys]
}
