import { join } from 'node:path'
import { expressPaywall } from '@stripe402/express'
import type { Stripe402 } from '@stripe402/server'
import express, { type Express, type NextFunction, type Request, type Response } from 'express'
import { contentSecurityPolicy } from './content-security-policy.js'
import type { PageConfig } from './page-config.js'
import { OPEN_FOR_A_DAY, paidApi } from './paid-api.js'

/** What the app is made of. */
export interface DemoAppOptions {
  stripe402: Stripe402
  /** Folder of the built site. */
  site: string
  config: PageConfig
}

const PAGES = {
  '/': 'index.html',
  '/article': 'article.html',
  '/gallery': 'gallery.html',
  '/playground': 'playground.html',
  '/terms': 'terms.html',
}

/** Makes the demo's app: the site, what it sells, and the endpoints of the paywall. */
export function createDemoApp({ stripe402, site, config }: DemoAppOptions): Express {
  const app = express()
  const paywall = expressPaywall(stripe402)
  const policy = contentSecurityPolicy(config.stripeJsUrl && new URL(config.stripeJsUrl).origin)
  app.disable('x-powered-by')
  app.use((_request, response, next) => {
    response.set({
      'content-security-policy': policy,
      'referrer-policy': 'strict-origin-when-cross-origin',
      'x-content-type-options': 'nosniff',
    })
    next()
  })
  app.use(paywall.router())
  app.use(paidApi(paywall))
  app.get('/demo/config.json', (_request, response) => {
    response.set('cache-control', 'no-store').json(config)
  })
  for (const [path, file] of Object.entries(PAGES)) app.get(path, sendPage(join(site, file)))
  app.get(
    '/report',
    paywall.paymentRequired({
      price: '$0.10',
      description: 'The report: what a cent costs',
      ...OPEN_FOR_A_DAY,
    }),
    sendPage(join(site, 'report.html')),
  )
  // Only this folder is served as files: the pages have routes of their own, and one of them has a price.
  app.use(
    '/assets',
    express.static(join(site, 'assets'), { immutable: true, maxAge: '1y', index: false, redirect: false }),
  )
  app.use('/static', express.static(join(site, 'static'), { index: false, redirect: false }))
  app.use(sayNotFound)
  app.use(sayFault)
  return app
}

function sendPage(file: string) {
  return (_request: Request, response: Response, next: NextFunction): void => {
    response.set('cache-control', 'private, no-cache')
    response.sendFile(file, { cacheControl: false, dotfiles: 'allow' }, (error) => {
      if (error && !response.headersSent) next(error)
    })
  }
}

function sayNotFound(_request: Request, response: Response): void {
  response.status(404).type('text').send('There is nothing here.')
}

/** Express knows an error handler by its four parameters. */
function sayFault(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  console.error(error)
  if (response.headersSent) next(error)
  else response.status(500).json({ error: 'Something went wrong. You were not charged for it.' })
}
