import { type PurchaseId, STRIPE402_VERSION } from '@stripe402/core'
import type Stripe from 'stripe'
import { isHolder } from '../client-id.js'
import type { Context } from '../context.js'
import { describeDecline } from '../decline.js'
import { newPurchaseId } from '../purchase-id.js'
import { reportFault } from '../report.js'
import type { AccountKey } from '../store.js'
import { payerOf } from '../stripe-gateway.js'
import { proofRequired, type Refusal, unavailable } from '../top-up/outcome.js'
import { bindDevice } from './bound-key.js'
import { isCodeUnheard, isHolderConfirmed } from './confirmed-holder.js'
import type { Evidence } from './evidence.js'
import { rememberCard } from './known-card.js'
import { cardIn } from './payer-card.js'
import type { Right } from './right-to-spend.js'

/** How long a check is good: time to find the phone and the app, and none to keep it for later. */
const CHECK_MS = 3_600_000

/** What a check is about: the holder of which card wants to spend from which account. */
interface Unconfirmed {
  account: AccountKey
  era: number
  paymentMethodId: string
  purchaseId: PurchaseId | undefined
  /** Whether the holder may be asked, where the bank wants that. */
  isAskable: boolean
}

/** What a request says of the check that it goes on with. */
interface CheckShown {
  setupIntentId: string
  purchaseId: PurchaseId
}

/** A check that this request may show. `refusal`: its holder has not passed it. */
interface Check {
  type: 'check'
  account: AccountKey
  era: number
  /** The card that it is about by now; Stripe has none after a failure. */
  card: ReturnType<typeof cardIn>
  refusal: Refusal | null
}

/** Has the issuer confirm a card that is not charged. `null`: it has; else what its holder has to do, or a plain no. */
export async function confirmHolder(
  context: Context,
  evidence: Evidence,
  { account, era, paymentMethodId, purchaseId, isAskable }: Unconfirmed,
): Promise<Refusal | null> {
  // Nobody but this server reads these: Stripe shows them to the secret key alone.
  const verified = await context.gateway.verifyCard(paymentMethodId, {
    stripe402Version: String(STRIPE402_VERSION),
    issuer: context.settings.issuers[0],
    ...account,
    era: String(era),
    keyThumbprint: thumbprintOf(evidence),
  })
  if (verified.type === 'accepted' && isHolderConfirmed(verified.intent)) return null
  if (verified.type === 'action' && isAskable)
    return askHolder(verified.intent, purchaseId ?? newPurchaseId(context))
  return { ...unproven(), isNoAttempt: verified.type === 'accepted' && isCodeUnheard(verified.intent) }
}

/**
 * May this request spend from the account of a card whose bank was asked to check its holder? Once the holder has passed, and
 * to whom the check was shown; after a sign-out it is as good as none.
 */
export async function rightOfCheck(
  context: Context,
  evidence: Evidence,
  wish: CheckShown,
): Promise<{ type: 'check'; account: AccountKey; right: Right | Refusal } | Refusal> {
  const found = await findCheck(context, evidence, wish)
  if (found.type === 'refused') return found
  const { account, era, card, refusal } = found
  if (refusal) return { type: 'check', account, right: refusal }
  // Whoever has the client secret may answer it at Stripe with any card: the one that passed has to be the account's.
  if (card === null || !isHolder(account.clientId, card.fingerprint, context.settings.secrets))
    return proofRequired()
  if ((await context.settings.store.keys(account)).era !== era) return proofRequired()
  if (evidence.key !== null && (await evidence.claimKey()) === null) return proofRequired()
  await rememberCard(context, account, card.paymentMethodId)
  return {
    type: 'check',
    account,
    right: { type: 'right', era, ...(await bindDevice(context, evidence, account)) },
  }
}

/** Finds the check that a request goes on with: to anybody else than who began it there is none. */
async function findCheck(
  context: Context,
  evidence: Evidence,
  { setupIntentId, purchaseId }: CheckShown,
): Promise<Check | Refusal> {
  const read = await context.gateway.retrieveCheck(setupIntentId)
  if (read.type === 'unknown') {
    reportFault(context, 'reading a check', read.cause)
    return unavailable()
  }
  const { intent } = read
  const clientId = intent && payerOf(intent, context.settings)
  const { currency, era, keyThumbprint } = intent?.metadata ?? {}
  if (!intent || !clientId || currency === undefined || era === undefined) return proofRequired()
  const isFresh = context.settings.runtime.now() - intent.created * 1000 < CHECK_MS
  if (!isFresh || keyThumbprint !== thumbprintOf(evidence)) return proofRequired()
  return {
    type: 'check',
    account: { clientId, currency },
    era: Number(era),
    card: cardIn(intent),
    refusal: judge(intent, purchaseId),
  }
}

function judge(intent: Stripe.SetupIntent, purchaseId: PurchaseId): Refusal | null {
  switch (intent.status) {
    case 'succeeded':
      return isHolderConfirmed(intent) ? null : unproven()
    case 'requires_action':
      return askHolder(intent, purchaseId)
    case 'processing':
      return unavailable()
    default:
      return { type: 'refused', error: 'payment_failed', ...notConfirmed() }
  }
}

/** The card opens nothing, and whoever sent it has tried one. */
function unproven(): Refusal {
  return { ...proofRequired(), decline: notConfirmed().decline }
}

/** Also where the bank gave another reason: whoever asks has not shown to be the holder, who might be told more. */
function notConfirmed(): Required<Pick<Refusal, 'message' | 'decline'>> {
  const { message, ...decline } = describeDecline('authentication_failed')
  return { message, decline }
}

function askHolder(intent: Stripe.SetupIntent, purchaseId: PurchaseId): Refusal {
  return {
    type: 'refused',
    error: 'authentication_required',
    message: 'This card has credit. Your bank wants to confirm that it is you; nothing is charged.',
    nextAction: {
      type: 'use_stripe_sdk',
      paymentIntentId: intent.id,
      clientSecret: intent.client_secret ?? '',
      purchaseId,
    },
  }
}

/** Stripe keeps no empty values. */
function thumbprintOf({ key }: Evidence): string {
  return key?.thumbprint ?? 'none'
}
