import type { PageConfig } from '../../server/page-config.js'

/** Asks the server which Stripe stands behind this page. */
export async function readPageConfig(): Promise<PageConfig> {
  const response = await fetch('/demo/config.json')
  if (!response.ok) throw new Error(`The demo's configuration cannot be read: ${response.status}.`)
  const config: unknown = await response.json()
  if (!isPageConfig(config)) throw new Error('The demo’s configuration has an unknown shape.')
  return config
}

function isPageConfig(value: unknown): value is PageConfig {
  if (typeof value !== 'object' || value === null) return false
  if (!('stripeJsUrl' in value && 'publishableKey' in value && 'mode' in value)) return false
  const { stripeJsUrl, publishableKey, mode } = value
  const isLocal = mode === 'local' && typeof stripeJsUrl === 'string'
  return typeof publishableKey === 'string' && (isLocal || (mode === 'test' && stripeJsUrl === null))
}
