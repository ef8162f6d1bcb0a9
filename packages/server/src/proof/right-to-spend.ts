import type { PurchaseId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { Account, AccountKey } from '../store.js'
import { type Paid, pending, proofRequired, type Refusal } from '../top-up/outcome.js'
import { confirmHolder } from './bank-check.js'
import { bindDevice, hasBegun, issuing } from './bound-key.js'
import type { Evidence } from './evidence.js'
import { isKnownCard, rememberCard } from './known-card.js'
import { isPaidByHolder } from './payer-card.js'

/** What a hold has to ask for, what it may come to, and the token for the next requests when a key has proved itself. */
export interface Right {
  type: 'right'
  /** The era that the account must be in; undefined: any, for the issuer has just confirmed the card. */
  era: number | undefined
  /** Of a token: what the account may have spent and set aside, ever. */
  ceilingUnits?: number
  /** Of a key: makes a token, once it is known what the account has spent. */
  issue?: (account: Account) => string
}

/**
 * Whether a hold has gone beyond what its token may spend. The store says with every hold what its account has spent, so that
 * the sum is kept without asking anybody, and whatever else spends from the account meanwhile counts, too.
 */
export function isBeyond({ ceilingUnits = Number.POSITIVE_INFINITY }: Right, account: Account): boolean {
  return account.spent + account.held > ceilingUnits
}

/**
 * May this request spend from an account that it names? By a session token, which asks nobody; by a bound key, once per
 * proof; or by the bare name, as the seller's `bearerClientId` says.
 */
export function rightToSpend(
  context: Context,
  evidence: Evidence,
  account: AccountKey,
): Right | Refusal | Promise<Right | Refusal> {
  // Nearly every request: nobody is asked, so nobody is waited for.
  if (!evidence.key) return rightOfSession(evidence, account) ?? rightOfBearer(context)
  return provedRight(context, evidence, account).then((proved) => proved ?? rightOfBearer(context))
}

/** What a bare name may spend. */
export function rightOfBearer({ settings }: Context): Right | Refusal {
  switch (settings.bearerClientId) {
    case 'always':
      return { type: 'right', era: undefined }
    case 'until-bound':
      return { type: 'right', era: 0 }
    case 'never':
      return proofRequired()
  }
}

/**
 * May this request spend from the account of a card that it names, when nothing is charged? Everybody who has seen the
 * number can make such a PaymentMethod. So: by session or key; by a card that is known, while no key is bound; or when the
 * issuer confirms it now, which may take its holder.
 */
export async function rightOfCard(
  context: Context,
  evidence: Evidence,
  wish: { account: AccountKey; paymentMethodId: string; purchaseId: PurchaseId | undefined },
): Promise<Right | Refusal> {
  const { account, paymentMethodId } = wish
  const { store, bearerClientId } = context.settings
  const proved = await provedRight(context, evidence, account)
  const { era } = await store.keys(account)
  // The hold was taken before anybody asked for the era.
  if (proved && (proved.era === undefined || proved.era === era)) return proved
  const isBearerGood = bearerClientId === 'always' || (bearerClientId === 'until-bound' && era === 0)
  if (isBearerGood && (await isKnownCard(context, account, paymentMethodId))) return { type: 'right', era }
  // A check is good for the key that began it. Without one it would be for whoever knows its id, as a bare name is.
  const isAskable = evidence.key !== null || isBearerGood
  const unconfirmed = await confirmHolder(context, evidence, { ...wish, era, isAskable })
  if (unconfirmed) return unconfirmed
  await rememberCard(context, account, paymentMethodId)
  return { type: 'right', era, ...(await bindDevice(context, evidence, account)) }
}

/**
 * May this request spend what a purchase brought? Who began it in this very request, or by the key that now signs, holds
 * a card that was charged for it: that key is bound. Anybody else spends as from any account that they can name. Where another
 * card has paid, the purchase shows nothing and names nobody: then only a session or a bound key counts.
 */
export async function rightOfBuyer(
  context: Context,
  evidence: Evidence,
  paid: Paid,
): Promise<Right | Refusal> {
  const { account, isOwn } = paid
  const isHolders = isOwn || (await isPaidByHolder(context, paid))
  if (isHolders === null) return pending()
  if (!isHolders) return (await provedRight(context, evidence, account)) ?? proofRequired()
  if (isOwn || (await isBuyer(context, evidence, paid)))
    return { type: 'right', era: undefined, ...(await bindDevice(context, evidence, account)) }
  return rightToSpend(context, evidence, account)
}

/** Whether the key that signed this request opened the purchase, in the account that was paid. */
async function isBuyer(
  context: Context,
  { key, claimKey }: Evidence,
  { account, purchaseId }: Paid,
): Promise<boolean> {
  if (key === null || !(await hasBegun(context, key, { ...account, purchaseId }))) return false
  return (await claimKey()) !== null
}

async function provedRight(context: Context, evidence: Evidence, account: AccountKey): Promise<Right | null> {
  const { key } = evidence
  // Whoever signs although a token is good wants the next one.
  if (key !== null) {
    const { era, thumbprints } = await context.settings.store.keys(account)
    // One that opens nothing is used up with the answer, within bounds: a stranger's would fill the store.
    if (thumbprints.includes(key.thumbprint) && (await evidence.claimKey()) !== null)
      return { type: 'right', era, issue: issuing(context, era, key) }
  }
  return rightOfSession(evidence, account)
}

function rightOfSession({ session }: Evidence, { clientId, currency }: AccountKey): Right | null {
  if (session === null || session.clientId !== clientId || session.currency !== currency) return null
  return { type: 'right', era: session.era, ceilingUnits: session.ceilingUnits }
}
