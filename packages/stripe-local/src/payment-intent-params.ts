import type Stripe from 'stripe'
import { absoluteUrl } from './intent-rules.js'
import { boolean, emptyable, integer, metadata, oneOf, type Reader, text, textUpTo } from './params.js'

/** Keeps a set of parameters to names that the official client knows. */
export type Named<Params> = Partial<Record<keyof Params, Reader<unknown>>>

type HowToConfirm = {
  confirmation_token: Reader<string | undefined>
  error_on_requires_action: Reader<boolean | undefined>
  off_session: Reader<boolean | undefined>
  payment_method: Reader<string | undefined>
  return_url: Reader<string | undefined>
  use_stripe_sdk: Reader<boolean | undefined>
}

type Details = {
  description: Reader<string | null | undefined>
  metadata: Reader<Record<string, string> | null | undefined>
  receipt_email: Reader<string | null | undefined>
  setup_future_usage: Reader<'off_session' | 'on_session' | null | undefined>
  statement_descriptor_suffix: Reader<string | null | undefined>
}

const offSession: Reader<boolean | undefined> = (value, name) =>
  value === 'one_off' || value === 'recurring' ? true : boolean(value, name)

/** What may be said wherever a PaymentIntent is confirmed. */
export const HOW_TO_CONFIRM: HowToConfirm = {
  confirmation_token: text,
  error_on_requires_action: boolean,
  off_session: offSession,
  payment_method: text,
  return_url: absoluteUrl,
  use_stripe_sdk: boolean,
}

/** What a PaymentIntent carries beside its money. */
export const DETAILS: Details = {
  description: emptyable(textUpTo(1000)),
  metadata: emptyable(metadata),
  receipt_email: emptyable(textUpTo(800)),
  setup_future_usage: emptyable(oneOf('off_session', 'on_session')),
  statement_descriptor_suffix: emptyable(textUpTo(22)),
}

type Confirm = HowToConfirm &
  Pick<Details, 'receipt_email' | 'setup_future_usage'> & { amount_to_confirm: Reader<number | undefined> }

/** The parameters of a confirmation. */
export const CONFIRM: Confirm = {
  ...HOW_TO_CONFIRM,
  amount_to_confirm: integer(1),
  receipt_email: DETAILS.receipt_email,
  setup_future_usage: DETAILS.setup_future_usage,
} satisfies Named<Stripe.PaymentIntentConfirmParams>

/** What was read of a confirmation. */
export type SentConfirmation = { [Name in keyof Confirm]?: ReturnType<Confirm[Name]> }
