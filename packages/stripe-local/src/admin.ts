import type { ApiAnswer } from './api.js'
import { ApiError } from './api-error.js'
import { type Fault, type FaultMatch, parseFault } from './faults.js'
import type { StripeLocal } from './stripe-local.js'
import type { WebhookMode } from './webhooks.js'

type Body = Readonly<Record<string, unknown>>

/**
 * Answers `/_local/…`, with which another process scripts the local Stripe; bodies are JSON.
 * Unknown paths are 404, a body that makes no sense is 400 with a sentence.
 */
export async function adminAnswer(
  stripeLocal: StripeLocal,
  method: string,
  path: string,
  body: string,
): Promise<ApiAnswer> {
  const action = ACTIONS[`${method} ${path.slice('/_local'.length)}`]
  if (!action) return json(404, { error: `No ${method} ${path} here.` })
  try {
    return json(200, (await action(stripeLocal, readBody(body))) ?? { ok: true })
  } catch (error) {
    const status = error instanceof ApiError ? error.status : 400
    return json(status, { error: error instanceof Error ? error.message : String(error) })
  }
}

type Action = (stripeLocal: StripeLocal, body: Body) => unknown

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /log': ({ log }) => log.entries,
  'DELETE /log': ({ log }) => log.clear(),
  'GET /state': ({ state, webhooks }) => ({
    paymentIntents: state.paymentIntents(),
    setupIntents: state.setupIntents(),
    charges: state.charges(),
    refunds: state.refunds(),
    disputes: state.disputes(),
    customers: state.customers(),
    paymentMethods: state.paymentMethods(),
    deliveries: webhooks.deliveries.map(({ event, url, state: delivery, attempts }) => ({
      event: event.id,
      type: event.type,
      url,
      state: delivery,
      attempts,
    })),
  }),
  'POST /faults': ({ faults }, body) => {
    faults.add(readFault(body))
  },
  'DELETE /faults': ({ faults }) => faults.clear(),
  'POST /authenticate': (stripeLocal, body) =>
    stripeLocal.authenticate(text(body, 'id'), word(body, 'outcome', ['approve', 'fail'])),
  'POST /charges/hold': (stripeLocal) => stripeLocal.holdCharges(),
  'POST /charges/finish': (stripeLocal, body) =>
    stripeLocal.finishCharge(text(body, 'id'), word(body, 'outcome', ['approve', 'decline'])),
  'POST /disputes': (stripeLocal, body) =>
    stripeLocal.dispute(text(body, 'id'), { isInquiry: body.inquiry === true }),
  'POST /disputes/close': (stripeLocal, body) =>
    stripeLocal.closeDispute(text(body, 'id'), word(body, 'outcome', ['won', 'lost'])),
  'POST /refunds': (stripeLocal, body) =>
    stripeLocal.refund(text(body, 'id'), typeof body.amount === 'number' ? { amountMinor: body.amount } : {}),
  'POST /refunds/settle': (stripeLocal, body) => stripeLocal.settleRefund(text(body, 'id')),
  'POST /fraud-warnings': (stripeLocal, body) => stripeLocal.warnOfFraud(text(body, 'id')),
  'POST /cards/renew': (stripeLocal, body) => stripeLocal.renewCard(text(body, 'id')),
  'POST /webhooks': async ({ webhooks }, body) => {
    if (body.url !== undefined) return webhooks.add({ url: text(body, 'url'), secret: text(body, 'secret') })
    if (body.mode !== undefined) webhooks.mode = word(body, 'mode', MODES)
    if (typeof body.delayMs === 'number') webhooks.delayMs = body.delayMs
    if (body.flush === true) await webhooks.flush()
    if (body.settled === true) await webhooks.settled()
    return { mode: webhooks.mode }
  },
  'POST /reset': (stripeLocal) => stripeLocal.reset(),
}

const MODES: readonly WebhookMode[] = ['deliver', 'hold', 'drop', 'duplicate', 'shuffle', 'delay']

function readFault(body: Body): Fault {
  const match: FaultMatch = {
    ...(body.method === undefined ? {} : { method: word(body, 'method', ['GET', 'POST', 'DELETE']) }),
    ...(body.path === undefined ? {} : { path: text(body, 'path') }),
    ...(typeof body.nth === 'number' ? { nth: body.nth } : {}),
    ...(typeof body.times === 'number' || body.times === 'always' ? { times: body.times } : {}),
  }
  if (typeof body.fault === 'string') return { ...match, ...parseFault(body.fault) }
  const when = body.when === undefined ? {} : { when: word(body, 'when', ['before', 'after']) }
  const kind = word(body, 'kind', ['refuse', 'hang', 'delay', 'status', 'cut'])
  if (kind === 'delay') return { ...match, kind, delayMs: number(body, 'delayMs') }
  if (kind === 'hang') return { ...match, kind, ...when }
  if (kind !== 'status') return { ...match, kind }
  const kept = typeof body.kept === 'boolean' ? { kept: body.kept } : {}
  return { ...match, kind, status: number(body, 'status'), ...when, ...kept }
}

function readBody(body: string): Body {
  if (body === '') return {}
  const parsed: unknown = JSON.parse(body)
  if (typeof parsed !== 'object' || parsed === null) throw new Error('The body must be a JSON object.')
  return Object.fromEntries(Object.entries(parsed))
}

function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '') throw new Error(`"${name}" must be a text.`)
  return value
}

function number(body: Body, name: string): number {
  const value = body[name]
  if (typeof value !== 'number') throw new Error(`"${name}" must be a number.`)
  return value
}

function word<const Word extends string>(body: Body, name: string, words: readonly Word[]): Word {
  const found = words.find((candidate) => candidate === body[name])
  if (found === undefined) throw new Error(`"${name}" must be one of ${words.join(', ')}.`)
  return found
}

function json(status: number, value: unknown): ApiAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}
