import type { AccountKey, HoldRequest, PrepareResult, PurchaseTerms } from '../../store.js'
import { BlankStoreError, StoreUnavailableError } from '../store-error.js'
import {
  accountKeys,
  accountName,
  operationKey,
  pointerKey,
  purchaseKey,
  shardKeys,
  shardOf,
} from './keys.js'
import { type PurchaseRoute, parseRoute, serializeRoute } from './purchase-route.js'
import { readAccount, readHoldResult, readInteger, readPurchase, readReply, unexpected } from './replies.js'
import type { ScriptCall } from './script-runner.js'
import { wishList } from './wish.js'

/** One wish to open a top-up and the means to ask for it. */
export interface Preparation {
  terms: PurchaseTerms
  wish: HoldRequest | null
  run(call: ScriptCall): Promise<unknown>
}

/** Rounds in which others keep moving the purchase before this one gives up; each needs another card. */
const MAX_ROUNDS = 20

/**
 * Opens a top-up as {@link PurchaseRoute} explains. Three round trips, unless the purchase comes from another account; one
 * where nothing is to be opened.
 */
export async function prepareTopUp(preparation: Preparation): Promise<PrepareResult> {
  const { terms } = preparation
  const first = serializeRoute({ clientId: terms.clientId, currency: terms.currency, from: 1 })
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    // A pointer stays for ever, so nobody may leave one for each request that comes with a card.
    const look = await openHere(preparation, 0)
    if (look.type !== 'elsewhere' && look.type !== 'busy') return asAnswer(look)
    const pointer = String(
      await preparation.run({
        script: 'claim-purchase',
        keys: [pointerKey(terms.purchaseId)],
        args: [look.type === 'busy' ? '' : first],
      }),
    )
    if (look.type === 'busy' && pointer === '') return look
    const route = parseRoute(pointer)
    const answer = isRouteOf(route, terms)
      ? await openHere(preparation, route.from)
      : await leave(preparation, route, look)
    if (answer.type !== 'move') return asAnswer(answer)
    await move(preparation, pointer, answer.from)
  }
  throw new StoreUnavailableError('A purchase is being tried with too many cards at once. Ask again.')
}

/** An answer; or that the purchase may move here, with this attempt; or that it must leave another account first. */
type Step = PrepareResult | { type: 'move'; from: number } | { type: 'elsewhere' }

async function openHere(preparation: Preparation, from: number): Promise<Step> {
  const { terms, wish } = preparation
  const { account, open } = accountKeys(terms)
  const { due, opened } = shardKeys(shardOf(terms))
  const reply = await preparation.run({
    script: 'prepare-top-up',
    keys: [
      account,
      wish ? operationKey(wish, wish.operationId) : account,
      opened,
      open,
      purchaseKey(terms, terms.purchaseId),
      due,
    ],
    args: [
      wish ? JSON.stringify(wishList(wish)) : '',
      from,
      terms.purchaseId,
      terms.clientId,
      terms.currency,
      terms.minor,
      terms.units,
      terms.paymentMethodId,
      terms.customerId ?? '',
      terms.keepsCard ? 1 : 0,
      terms.keyThumbprint ?? '',
      terms.wantsBankCheck ? 1 : 0,
      terms.issuer,
      terms.description,
    ],
  })
  const [type, ...rest] = readReply(reply)
  switch (type) {
    case 'sufficient': {
      const hold = readHoldResult(terms, rest)
      if (hold.type !== 'held' && hold.type !== 'admitted') throw unexpected()
      return { type, hold }
    }
    case 'conflict':
      return { type, account: readAccount(terms, rest) }
    case 'existing':
    case 'busy':
    case 'prepared':
      return { type, purchase: readPurchase(rest) }
    case 'elsewhere':
      return { type }
    case 'moved':
      return { type: 'move', from: readInteger(rest[0]) + 1 }
    case 'blank':
      throw new BlankStoreError()
    default:
      throw unexpected()
  }
}

/** The purchase was last tried in another account: it may come here only if it failed there. */
async function leave(preparation: Preparation, route: PurchaseRoute, here: Step): Promise<Step> {
  const reply = await preparation.run({
    script: 'retire-purchase',
    keys: [purchaseKey(route, preparation.terms.purchaseId)],
    args: [route.from, preparation.terms.paymentMethodId, here.type === 'busy' ? 1 : 0],
  })
  const [type, ...rest] = readReply(reply)
  if (type === 'existing') return { type, purchase: readPurchase(rest) }
  if (here.type === 'busy') return here
  if (type !== 'retired') throw unexpected()
  return { type: 'move', from: readInteger(rest[0]) + 1 }
}

function asAnswer(step: Step): PrepareResult {
  if (step.type === 'elsewhere' || step.type === 'move') throw unexpected()
  return step
}

async function move({ terms, run }: Preparation, pointer: string, from: number): Promise<void> {
  const route = serializeRoute({ clientId: terms.clientId, currency: terms.currency, from })
  await run({ script: 'move-purchase', keys: [pointerKey(terms.purchaseId)], args: [pointer, route] })
}

function isRouteOf(route: PurchaseRoute, key: AccountKey): boolean {
  return accountName(route) === accountName(key)
}
