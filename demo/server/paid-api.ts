import { setTimeout as sleep } from 'node:timers/promises'
import type { ExpressPaywall } from '@stripe402/express'
import { type Request, type Response, Router } from 'express'
import { ARTICLE_HTML } from './content/article.js'
import { pickJoke } from './content/jokes.js'
import { STORY } from './content/story.js'
import { forecastFor } from './content/weather.js'

/** Pause between two lines of the story. */
const LINE_PAUSE_MS = 350

/** Who has paid may reload. The payment is written before the page is sent, so that not even a quick reload costs. */
export const OPEN_FOR_A_DAY = { access: '24h', settle: 'before-response' } as const

/** Everything that a script can buy, and one thing that is free. Prices in units: 100 are a cent. */
export function paidApi({ paymentRequired }: ExpressPaywall): Router {
  const api = Router()
  api.get('/api/health', (_request, response) => {
    response.json({ ok: true })
  })
  api.get('/api/joke', paymentRequired({ price: 100, description: 'A joke' }), (_request, response) => {
    response.json({ joke: pickJoke() })
  })
  api.get(
    '/api/weather',
    paymentRequired({
      price: 500,
      description: ({ url }) => `The weather in ${forecastFor(cityOf(url), new Date()).city}`,
      mimeType: 'application/json',
    }),
    (request, response) => {
      response.json(forecastFor(cityOf(request.originalUrl), new Date()))
    },
  )
  api.get(
    '/api/broken',
    paymentRequired({ price: 500, description: 'A handler that fails' }),
    (_request, response) => {
      response.status(500).json({ error: 'This handler failed on purpose. You were not charged for it.' })
    },
  )
  api.get('/api/story', paymentRequired({ price: 100, description: 'A story, line by line' }), tellStory)
  api.get(
    '/articles/why-402',
    paymentRequired({
      price: '$0.05',
      description: 'The code that waited: a history of 402',
      ...OPEN_FOR_A_DAY,
    }),
    (_request, response) => {
      response.type('html').send(ARTICLE_HTML)
    },
  )
  return api
}

function cityOf(url: string): string {
  return new URL(url, 'http://localhost').searchParams.get('city') ?? ''
}

async function tellStory(_request: Request, response: Response): Promise<void> {
  response.type('text/plain; charset=utf-8')
  for (const line of STORY) {
    if (response.destroyed) return
    response.write(`${line}\n`)
    await sleep(LINE_PAUSE_MS)
  }
  response.end()
}
