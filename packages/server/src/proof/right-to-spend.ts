import { createHash } from 'node:crypto'
import type { ClientId } from '@stripe402/core'
import type { Context } from '../context.js'
import type { AccountKey, Mark } from '../store.js'
import { type Paid, proofRequired, type Refusal } from '../top-up/outcome.js'
import type { Evidence } from './evidence.js'
import type { KeyProof } from './key-proof.js'
import { type Session, signSession } from './session-token.js'

/** What a hold has to ask for, and the token for the next requests when a key has proved itself. */
export interface Right {
  type: 'right'
  /** The era that the account must be in; undefined: any, for the issuer has just confirmed the card. */
  era: number | undefined
  session?: string
}

/** How long a card that paid, or that its issuer confirmed, is known; its holder may spend with its name alone. */
const KNOWN_CARD_MS = 400 * 86_400_000

/**
 * May this request spend from an account that it names? By a session token, which asks nobody; by a bound key, once per
 * proof; or by the bare name, as the seller's `bearerClientId` says.
 */
export function rightToSpend(
  context: Context,
  evidence: Evidence,
  account: AccountKey,
  units: number,
): Right | Refusal | Promise<Right | Refusal> {
  if (!evidence.session && !evidence.key) return rightOfBearer(context)
  return provedRight(context, evidence, account, units).then((proved) => proved ?? rightOfBearer(context))
}

function rightOfBearer({ settings }: Context): Right | Refusal {
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
 * issuer confirms it now.
 */
export async function rightOfCard(
  context: Context,
  evidence: Evidence,
  { account, paymentMethodId, units }: { account: AccountKey; paymentMethodId: string; units: number },
): Promise<Right | Refusal> {
  const { store, bearerClientId } = context.settings
  const proved = await provedRight(context, evidence, account, units)
  const { era } = await store.keys(account)
  // The hold was taken before anybody asked for the era.
  if (proved && (proved.era === undefined || proved.era === era)) return proved
  const isBearerGood = bearerClientId === 'always' || (bearerClientId === 'until-bound' && era === 0)
  if (isBearerGood && (await isKnownCard(context, account, paymentMethodId))) return { type: 'right', era }
  const verified = await context.gateway.verifyCard(paymentMethodId)
  if (verified.type !== 'verified') return proofRequired()
  await rememberCard(context, account, paymentMethodId)
  return { type: 'right', era, ...(await bindDevice(context, evidence, account)) }
}

/**
 * May this request spend what a purchase brought? Who began it in this very request, or by the key that now signs, holds
 * a card that was charged for it: that key is bound. Anybody else spends as from any account that they can name.
 */
export async function rightOfBuyer(
  context: Context,
  evidence: Evidence,
  { account, purchaseId, isOwn }: Paid,
  units: number,
): Promise<Right | Refusal> {
  if (isOwn || (await isBuyer(context, evidence, purchaseId)))
    return { type: 'right', era: undefined, ...(await bindDevice(context, evidence, account)) }
  return rightToSpend(context, evidence, account, units)
}

/** Remembers that this card's holder has paid, or was confirmed by the issuer. Without it a second tab would be asked. */
export async function rememberCard(
  context: Pick<Context, 'settings'>,
  account: AccountKey,
  paymentMethodId: string,
): Promise<void> {
  await context.settings.store.mark([knownCard(account, paymentMethodId, 1)])
}

/** Binds the key that signed a request whose card was charged or confirmed, and gives it a session. */
async function bindDevice(
  context: Context,
  { claimKey }: Evidence,
  account: AccountKey,
): Promise<{ session?: string }> {
  const key = await claimKey()
  if (key === null) return {}
  const era = await context.settings.store.bindKey(account, key.thumbprint)
  return { session: sessionFor(context, account, era, key) }
}

/** Remembers whose key began a purchase, so that only it may finish it for that account. */
export async function rememberBuyer(context: Context, { key }: Evidence, purchaseId: string): Promise<void> {
  if (key) await context.settings.store.mark([buyer(purchaseId, key, 1)])
}

/** Whether the key that signed this request began the purchase. */
async function isBuyer(context: Context, { claimKey }: Evidence, purchaseId: string): Promise<boolean> {
  const key = await claimKey()
  return key !== null && hasBegun(context, key, purchaseId)
}

/** Whether a key began a purchase. */
export async function hasBegun(
  { settings }: Pick<Context, 'settings'>,
  key: KeyProof,
  purchaseId: string,
): Promise<boolean> {
  const [result] = await settings.store.mark([buyer(purchaseId, key, 0)])
  return result?.isMade === true
}

/** May this request see the balance of a client, or sign its devices out? Whoever could spend from one account may. */
export async function mayActFor(context: Context, evidence: Evidence, clientId: ClientId): Promise<boolean> {
  const { store, currencies } = context.settings
  const names = evidence.session ? [evidence.session.currency] : currencies
  for (const currency of names) {
    const account = { clientId, currency }
    const right = await rightToSpend(context, evidence, account, 0)
    if (right.type === 'refused') return false
    if (right.era === undefined) continue
    const { era } = await store.keys(account)
    if (era !== right.era) return false
    // A key that is bound to one account of the client speaks for all of them.
    if (evidence.session || right.session !== undefined) return true
  }
  return true
}

/** Begins a new era in every account of a client. */
export async function signOutEverywhere({ settings }: Context, clientId: ClientId): Promise<void> {
  const accounts = await settings.store.accounts(clientId)
  await Promise.all(accounts.map((account) => settings.store.signOut(account)))
}

async function provedRight(
  context: Context,
  { session, claimKey }: Evidence,
  account: AccountKey,
  units: number,
): Promise<Right | null> {
  if (session && isOf(session, account) && units <= session.mostUnits)
    return { type: 'right', era: session.era }
  const key = await claimKey()
  if (key === null) return null
  const { era, thumbprints } = await context.settings.store.keys(account)
  if (!thumbprints.includes(key.thumbprint)) return null
  return { type: 'right', era, session: sessionFor(context, account, era, key) }
}

function isOf(session: Session, account: AccountKey): boolean {
  return session.clientId === account.clientId && session.currency === account.currency
}

function sessionFor({ settings }: Context, account: AccountKey, era: number, key: KeyProof): string {
  const { clientId, currency } = account
  const mostUnits = settings.topUpLimits(currency).min
  return signSession(settings, { clientId, currency, era, thumbprint: key.thumbprint, mostUnits })
}

async function isKnownCard(context: Context, account: AccountKey, paymentMethodId: string): Promise<boolean> {
  const [result] = await context.settings.store.mark([knownCard(account, paymentMethodId, 0)])
  return result?.isMade === true
}

function knownCard({ clientId }: AccountKey, paymentMethodId: string, most: number): Mark {
  return {
    name: `card:${digest(`${clientId} ${paymentMethodId}`)}`,
    member: 'known',
    windowMs: KNOWN_CARD_MS,
    most,
  }
}

function buyer(purchaseId: string, { thumbprint }: KeyProof, most: number): Mark {
  return { name: `buyer:${purchaseId}`, member: thumbprint, windowMs: 86_400_000, most }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
