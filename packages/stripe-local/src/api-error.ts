/** The `error` member of a Stripe error body. */
export interface ErrorBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error'
  message: string
  code?: string
  decline_code?: string
  advice_code?: string
  param?: string
  charge?: string
  doc_url?: string
  request_log_url?: string
  payment_intent?: object
  payment_method?: object
  setup_intent?: object
}

/** An answer other than 200: status, body, and whether an idempotency key remembers it. */
export class ApiError extends Error {
  readonly status: number
  readonly body: ErrorBody
  /** Stripe keeps no result of a request whose parameters failed validation: no endpoint had begun to run. */
  readonly isValidation: boolean

  constructor(status: number, body: ErrorBody, isValidation = false) {
    super(body.message)
    this.name = 'ApiError'
    this.status = status
    this.body = body.code
      ? { ...body, doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` }
      : body
    this.isValidation = isValidation
  }
}

/** Builds the 400 for parameters that were refused before the endpoint began to run. */
export function invalidParameter(message: string, details: Pick<ErrorBody, 'code' | 'param'> = {}): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, ...details }, true)
}

/** Builds the 400 of an endpoint that ran and refused, for example because of an object's state. */
export function refusedRequest(
  message: string,
  details: Omit<ErrorBody, 'type' | 'message'> = {},
  status = 400,
): ApiError {
  return new ApiError(status, { type: 'invalid_request_error', message, ...details })
}

/** Builds the answer to an id that names nothing: 404 in the path, 400 in a parameter. */
export function noSuch(noun: string, id: string, param: string, status: 400 | 404): ApiError {
  return refusedRequest(`No such ${noun}: '${id}'`, { code: 'resource_missing', param }, status)
}
