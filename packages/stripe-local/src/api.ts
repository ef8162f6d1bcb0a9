import { ApiError, type ErrorBody, invalidParameter } from './api-error.js'
import { type ApiKeys, checkAccess, checkRights, viewerOf } from './api-keys.js'
import { expand, readExpand } from './expand.js'
import { connectionLost, type FaultAction, type FaultQueue, parseFault } from './faults.js'
import { canonicalForm, emptyTree, parseForm } from './form.js'
import type { IdempotencyKeys, KeptAnswer, KeyState } from './idempotency.js'
import { createId } from './ids.js'
import type { Viewer } from './objects/payment-method.js'
import { type LogEntry, masked, type WritableLog } from './request-log.js'
import { findRoute, type Route } from './route.js'
import { ROUTES } from './routes.js'
import { API_VERSION, type World } from './world.js'

/** A request as it arrives, free of any HTTP library. */
export interface ApiRequest {
  method: string
  path: string
  /** Without the question mark. */
  query: string
  body: string
  header(name: string): string | null
}

/** An answer as it leaves. */
export interface ApiAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** What answering needs. */
export interface ApiParts {
  world: World
  keys: ApiKeys
  faults: FaultQueue
  idempotency: IdempotencyKeys
  log: WritableLog
  /** Waits so long; a key is in use meanwhile. */
  sleep(ms: number): Promise<void>
}

/**
 * Answers one API call, read top to bottom: fault, key, endpoint, idempotency, work, answer.
 * @throws an `ECONNRESET` or `ECONNREFUSED` error where a fault closes the connection
 */
export async function answerCall(parts: ApiParts, request: ApiRequest): Promise<ApiAnswer> {
  const entry = openEntry(parts, request)
  parts.log.add(entry)
  let fault: FaultAction | null = null
  try {
    fault = takeFault(parts, request)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return toAnswer(entry, errorAnswer(error, entry.requestId))
  }
  entry.fault = fault
  if (fault?.kind === 'refuse') throw connectionLost('ECONNREFUSED')
  // Stripe limits rates in front of everything else: a 429 never reaches an idempotency key.
  if (fault?.kind === 'status' && fault.when !== 'after' && !isKept(fault))
    return faultAnswer(entry, fault.status)
  let kept: KeptAnswer | null = null
  try {
    const call = readCall(parts, request, entry)
    const key = request.method === 'POST' ? request.header('idempotency-key') : null
    const state = key === null ? null : parts.idempotency.begin({ ...call.keyed, key })
    kept = await carryOut({ parts, call, state, entry, fault })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    kept = errorAnswer(error, entry.requestId)
  }
  if (fault?.kind === 'cut') throw connectionLost('ECONNRESET')
  if (fault?.kind === 'hang' && fault.when === 'after') await parts.faults.hang()
  if (fault?.kind === 'status' && fault.when === 'after') return faultAnswer(entry, fault.status)
  return toAnswer(entry, kept)
}

interface ReadCall {
  route: Route
  id: string
  viewer: Viewer
  path: string
  params: ReturnType<typeof parseForm>
  keyed: { method: string; path: string; params: string }
}

function openEntry(parts: ApiParts, request: ApiRequest): LogEntry {
  return {
    atMs: parts.world.nowMs(),
    requestId: createId('req', 14),
    method: request.method,
    path: request.path,
    params: {},
    idempotencyKey: request.header('idempotency-key'),
    key: null,
    status: null,
    replayed: false,
    effect: [],
    fault: null,
  }
}

function takeFault({ faults }: ApiParts, request: ApiRequest): FaultAction | null {
  const header = request.header('x-stripe-local-fault')
  const scripted = faults.take(request.method, request.path)
  return header === null ? scripted : parseFault(header)
}

function readCall({ keys }: ApiParts, request: ApiRequest, entry: LogEntry): ReadCall {
  const viewer = viewerOf(request.header('authorization'), keys)
  entry.key = viewer
  const version = request.header('stripe-version')
  if (version !== null && version !== API_VERSION) {
    throw invalidParameter(
      `Invalid Stripe API version: ${version}. The local Stripe speaks ${API_VERSION} only.`,
    )
  }
  const found = findRoute(ROUTES, request.method, request.path)
  if (!found) {
    const message = `Unrecognized request URL (${request.method}: ${request.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`
    throw new ApiError(404, { type: 'invalid_request_error', message }, true)
  }
  checkAccess(viewer, found.route.access)
  checkRights(request.header('authorization'), keys, request.path)
  const params = readForm(request)
  entry.params = masked(params)
  const keyed = { method: request.method, path: request.path, params: canonicalForm(params) }
  return { ...found, viewer, path: request.path, params, keyed }
}

function readForm(request: ApiRequest): ReturnType<typeof parseForm> {
  if (request.method !== 'POST') return parseForm(request.query)
  if (request.body === '') return request.query === '' ? emptyTree() : parseForm(request.query)
  const type = request.header('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    throw invalidParameter(
      `Invalid content type: ${type}. POST bodies must be application/x-www-form-urlencoded.`,
    )
  }
  return parseForm(request.query === '' ? request.body : `${request.query}&${request.body}`)
}

interface Work {
  parts: ApiParts
  call: ReadCall
  state: KeyState | null
  entry: LogEntry
  fault: FaultAction | null
}

async function carryOut(work: Work): Promise<KeptAnswer> {
  const { parts, call, state, entry, fault } = work
  if (state?.kind === 'replay') {
    const disturbance = await disturb(work)
    if (disturbance !== null) return disturbance
    entry.replayed = true
    return state.answer
  }
  let answer: KeptAnswer | null = null
  let isValidation = false
  try {
    answer = await disturb(work)
    if (answer !== null) return answer
    answer = {
      status: 200,
      body: run(parts.world, call, entry),
      requestId: entry.requestId,
    }
    return answer
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    isValidation = error.isValidation
    answer = errorAnswer(error, entry.requestId)
    return answer
  } finally {
    if (state) state.finish(isValidation ? null : keptOf(answer, fault, entry))
  }
}

/** What a fault does before the work: nothing, a pause, for ever, or an answer in its place. */
async function disturb({ parts, entry, fault }: Work): Promise<KeptAnswer | null> {
  // One turn of the event loop at least, so that two copies of a request meet as they do over a network.
  await parts.sleep(fault?.kind === 'delay' ? fault.delayMs : 0)
  if (fault?.kind === 'hang' && fault.when !== 'after') await parts.faults.hang()
  if (fault?.kind !== 'status' || fault.when === 'after') return null
  return { status: fault.status, body: faultBody(fault.status), requestId: entry.requestId }
}

/** A 500 after the effect is what Stripe remembers, too: the true result is gone. */
function keptOf(answer: KeptAnswer | null, fault: FaultAction | null, entry: LogEntry): KeptAnswer | null {
  if (answer === null || fault?.kind !== 'status' || fault.when !== 'after' || !isKept(fault)) return answer
  return { status: fault.status, body: faultBody(fault.status), requestId: entry.requestId }
}

/** Runs the endpoint of a call. */
function run(world: World, call: ReadCall, entry: LogEntry): object {
  const expansions = readExpand(call.params, call.route, call.viewer)
  const effects: string[] = []
  entry.effect = effects
  world.request = { requestId: entry.requestId, idempotencyKey: entry.idempotencyKey, effects }
  try {
    const answer = call.route.run(world, call)
    return expand(world, answer, expansions, call.viewer, call.route.isList)
  } finally {
    world.request = null
  }
}

function isKept(fault: Extract<FaultAction, { kind: 'status' }>): boolean {
  return fault.kept ?? fault.status >= 500
}

function errorAnswer(error: ApiError, requestId: string): KeptAnswer {
  return { status: error.status, body: { error: error.body }, requestId }
}

function faultAnswer(entry: LogEntry, status: number): ApiAnswer {
  return toAnswer(entry, { status, body: faultBody(status), requestId: entry.requestId })
}

const FAULT_ERRORS: Readonly<Record<number, ErrorBody>> = {
  409: {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message:
      'There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through). Please try again later.',
  },
  429: {
    type: 'invalid_request_error',
    code: 'rate_limit',
    message:
      'Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.',
  },
}

function faultBody(status: number): object {
  return { error: FAULT_ERRORS[status] ?? { type: 'api_error', message: 'An unknown error occurred' } }
}

function toAnswer(entry: LogEntry, kept: KeptAnswer): ApiAnswer {
  entry.status = kept.status
  return {
    status: kept.status,
    headers: {
      'content-type': 'application/json',
      'request-id': entry.requestId,
      'stripe-version': API_VERSION,
      ...(entry.idempotencyKey === null ? {} : { 'idempotency-key': entry.idempotencyKey }),
      ...(entry.replayed ? { 'idempotent-replayed': 'true', 'original-request': kept.requestId } : {}),
    },
    body: JSON.stringify(kept.body),
  }
}
