import { ApiError } from './api-error.js'
import type { Viewer } from './objects/payment-method.js'

/** The account's two keys, and those that may do less than the secret one. */
export interface ApiKeys {
  publishableKey: string
  secretKey: string
  /** Each `rk_test_…` with the resources that it may neither read nor write, such as `customers`. */
  restrictedKeys?: Readonly<Record<string, readonly string[]>>
}

/**
 * Finds out who calls, from `Authorization: Bearer …` or Basic with the key as user name.
 * @throws ApiError 401 without a key of this account
 */
export function viewerOf(authorization: string | null, keys: ApiKeys): Viewer {
  const key = keyIn(authorization)
  if (key === null) {
    throw new ApiError(
      401,
      {
        type: 'invalid_request_error',
        message:
          "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
      },
      true,
    )
  }
  if (key === keys.secretKey || keys.restrictedKeys?.[key]) return 'secret'
  if (key === keys.publishableKey) return 'publishable'
  const shown =
    key.length > 12
      ? `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`
      : '*'.repeat(key.length)
  throw new ApiError(
    401,
    { type: 'invalid_request_error', message: `Invalid API Key provided: ${shown}` },
    true,
  )
}

/**
 * Refuses a publishable key where a secret one is needed.
 * @throws ApiError 403 `secret_key_required`
 */
export function checkAccess(viewer: Viewer, access: 'secret' | 'publishable'): void {
  if (viewer === 'secret' || access === 'publishable') return
  throw new ApiError(
    403,
    {
      type: 'invalid_request_error',
      code: 'secret_key_required',
      message:
        'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.',
    },
    true,
  )
}

/**
 * Refuses a restricted key what it has no right to.
 * @throws ApiError 403
 */
export function checkRights(
  authorization: string | null,
  { restrictedKeys = {} }: ApiKeys,
  path: string,
): void {
  const [, , resource = ''] = path.split('/')
  if (!restrictedKeys[keyIn(authorization) ?? '']?.includes(resource)) return
  throw new ApiError(
    403,
    {
      type: 'invalid_request_error',
      message: `The provided key 'rk_test_*****' does not have the required permissions for this endpoint (${resource}).`,
    },
    true,
  )
}

function keyIn(authorization: string | null): string | null {
  const [scheme = '', credentials = ''] = (authorization ?? '').trim().split(/\s+/)
  if (scheme.toLowerCase() === 'bearer' && credentials !== '') return credentials
  if (scheme.toLowerCase() !== 'basic') return null
  const user = Buffer.from(credentials, 'base64').toString('utf8').split(':')[0]
  return user || null
}
