import type { Answer, Stripe402 } from '@stripe402/server'
import type { Request, RequestHandler } from 'express'
import { asError } from './as-error.js'
import { paidRequestOf } from './express-request.js'
import { readRawBody } from './raw-body.js'
import { sendAnswer } from './send-answer.js'

/** Anchored, and no character that two of its parts could take: a path of slashes alone is read once. */
const ENDPOINT = /^\/\.well-known\/stripe402\/([a-z-]+)\/*$/

/**
 * Serves `/.well-known/stripe402/{webhook,balance,history,top-up,sign-out,forget-card,forget-browser}`. Mount it before any
 * body parser, for the webhook's sake.
 */
export function wellKnown(stripe402: Stripe402): RequestHandler {
  return (request, response, next) => {
    const [, name] = ENDPOINT.exec(request.path) ?? []
    const answer = name === undefined ? null : answerTo(stripe402, request, name)
    if (answer === null) return next()
    answer.then((answered) => sendAnswer(response, answered)).catch((error: unknown) => next(asError(error)))
  }
}

function answerTo(stripe402: Stripe402, request: Request, name: string): Promise<Answer> | null {
  switch (`${request.method} ${name}`) {
    case 'GET balance':
      return stripe402.balance(paidRequestOf(request))
    case 'GET history':
      return stripe402.history(paidRequestOf(request))
    case 'GET top-up':
    case 'POST top-up':
      return stripe402.topUp(paidRequestOf(request))
    case 'POST sign-out':
      return stripe402.signOut(paidRequestOf(request))
    case 'POST forget-card':
      return stripe402.forgetCard(paidRequestOf(request))
    case 'POST forget-browser':
      return Promise.resolve(stripe402.forgetBrowser(paidRequestOf(request)))
    case 'POST webhook':
      return readRawBody(request).then((body) =>
        body.type === 'body' ? stripe402.webhook(body.bytes, request.get('stripe-signature')) : body.answer,
      )
    default:
      return null
  }
}
