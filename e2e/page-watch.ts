import { type BrowserContext, type ConsoleMessage, expect } from '@playwright/test'
import { secretsIn } from './canaries.js'
import { STRIPE } from './stripe-routes.js'

/** What the pages of one browser context did beside what a person saw. */
export interface PageWatch {
  /** `directive blocked-url`, from every frame. */
  readonly violations: string[]
  /** Uncaught errors and unhandled rejections, from every frame. */
  readonly errors: string[]
  /** Console errors and warnings, without those that tell of an expected status. */
  readonly complaints: string[]
  /** What looked like a secret in the body of an error, and where it came from; Stripe's own answers are left out. */
  readonly escaped: string[]
  /** Every line of every console. */
  readonly said: string[]
  /** Every message that a page got from any window, as JSON; Stripe's own frames are left out. */
  readonly posted: string[]
  readonly requests: { url: string; body: string; frame: string }[]
  /** Complaints that match are part of the test. */
  expect(pattern: RegExp): void
}

/** Chromium's own line for an answer of 402, which is what this product is about. */
const PAYMENT_REQUIRED = /Failed to load resource: the server responded with a status of 402/

/** Watches every page and frame of a context from its first byte. */
export async function watchPages(context: BrowserContext): Promise<PageWatch> {
  const violations: string[] = []
  const errors: string[] = []
  const escaped: string[] = []
  const said: string[] = []
  const posted: string[] = []
  const grave: string[] = []
  const requests: PageWatch['requests'] = []
  const expected = [PAYMENT_REQUIRED]

  await context.exposeBinding('__reportViolation', (_source, text: string) => void violations.push(text))
  await context.exposeBinding('__reportMessage', (_source, text: string) => void posted.push(text))
  await context.addInitScript(() => {
    if (!location.hostname.endsWith('stripe.com'))
      addEventListener('message', ({ data }) => Reflect.get(window, '__reportMessage')(JSON.stringify(data)))
    addEventListener('securitypolicyviolation', (event) => {
      Reflect.get(window, '__reportViolation')(`${event.effectiveDirective} ${event.blockedURI}`)
    })
  })
  context.on('weberror', (error) => void errors.push(String(error.error())))
  context.on('console', (message) => {
    const line = lineOf(message)
    said.push(line)
    if (message.type() === 'error' || message.type() === 'warning') grave.push(line)
  })
  context.on('response', async (response) => {
    const url = response.url()
    if (response.status() < 400 || STRIPE.test(url)) return
    // A page that has left takes its answers along.
    const body = await response.text().catch(() => '')
    escaped.push(...secretsIn(body).map((secret) => `${secret} from ${url}`))
  })
  context.on('request', (request) => {
    const frame = request.serviceWorker() ? 'service worker' : frameUrl(() => request.frame().url())
    requests.push({ url: request.url(), body: request.postData() ?? '', frame })
  })
  return {
    violations,
    errors,
    escaped,
    said,
    posted,
    requests,
    get complaints() {
      return grave.filter((line) => !expected.some((pattern) => pattern.test(line)))
    },
    expect: (pattern) => void expected.push(pattern),
  }
}

/** Fails for every violation, error or complaint that the test did not expect. */
export function expectGoodManners(watch: PageWatch): void {
  expect(watch.violations, 'reports of the Content Security Policy').toEqual([])
  expect(watch.escaped, 'secrets in the bodies of errors').toEqual([])
  expect(watch.errors, 'uncaught errors and unhandled rejections').toEqual([])
  expect(watch.complaints, 'errors and warnings in the console').toEqual([])
}

function lineOf(message: ConsoleMessage): string {
  return `${message.type()}: ${message.text()} (${message.location().url})`
}

/** A navigation has no frame yet when its request is made. */
function frameUrl(read: () => string): string {
  try {
    return read()
  } catch {
    return 'navigation'
  }
}
