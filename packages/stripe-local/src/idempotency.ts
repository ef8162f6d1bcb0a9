import { ApiError } from './api-error.js'

/** How long Stripe keeps a first result. */
const KEY_LIFETIME_MS: number = 24 * 60 * 60 * 1000

const MAX_KEY_LENGTH = 255

/** A result as it is kept and replayed. */
export interface KeptAnswer {
  status: number
  /** Rendered for this answer alone; nothing changes it later. */
  body: object
  requestId: string
}

/** The request under a key. */
export interface KeyedRequest {
  key: string
  method: string
  path: string
  /** The parameters in canonical form. */
  params: string
}

/** What is known of a key: nothing, so that the request runs, or the first result. */
export type KeyState =
  | { kind: 'first'; finish: (answer: KeptAnswer | null) => void }
  | { kind: 'replay'; answer: KeptAnswer }

/** First results by key. */
export interface IdempotencyKeys {
  /**
   * Takes a key, or finds its first result.
   * @throws ApiError 400 `idempotency_error` for other parameters, 409 `idempotency_key_in_use` while the first runs
   */
  begin(request: KeyedRequest): KeyState
  clear(): void
}

interface Entry extends KeyedRequest {
  answer: KeptAnswer | null
  takenAtMs: number
}

/** Makes an empty set of keys under a clock. */
export function createIdempotencyKeys(clock: () => number): IdempotencyKeys {
  const entries = new Map<string, Entry>()

  function forgetExpired(): void {
    for (const [key, entry] of entries) {
      // In order of insertion: the first that is young enough ends the search.
      if (clock() - entry.takenAtMs < KEY_LIFETIME_MS) return
      entries.delete(key)
    }
  }

  return {
    begin(request) {
      if (request.key === '' || request.key.length > MAX_KEY_LENGTH) {
        throw new ApiError(
          400,
          {
            type: 'invalid_request_error',
            message: `Idempotency keys must be between 1 and ${MAX_KEY_LENGTH} characters long.`,
          },
          true,
        )
      }
      forgetExpired()
      const present = entries.get(request.key)
      if (present) {
        checkSame(present, request)
        if (present.answer === null) throw keyInUse(request.key)
        return { kind: 'replay', answer: present.answer }
      }
      const entry: Entry = { ...request, answer: null, takenAtMs: clock() }
      entries.set(request.key, entry)
      return {
        kind: 'first',
        finish(answer) {
          if (answer === null) entries.delete(request.key)
          else entry.answer = answer
        },
      }
    },
    clear: () => entries.clear(),
  }
}

function checkSame(present: Entry, request: KeyedRequest): void {
  if (present.method !== request.method || present.path !== request.path) {
    throw idempotencyError(
      `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${request.path}' vs '${present.path}'). Try using a key other than '${request.key}' if you meant to execute a different request.`,
    )
  }
  if (present.params !== request.params) {
    throw idempotencyError(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${request.key}' if you meant to execute a different request.`,
    )
  }
}

function idempotencyError(message: string): ApiError {
  return new ApiError(400, { type: 'idempotency_error', message })
}

function keyInUse(key: string): ApiError {
  return new ApiError(409, {
    type: 'idempotency_error',
    code: 'idempotency_key_in_use',
    message: `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`,
  })
}
