import { type BrowserContext, expect, type Frame, type Page } from '@playwright/test'
import { cardDataIn } from './card-data.js'
import type { DemoForTest } from './demo-for-test.js'
import type { PageWatch } from './page-watch.js'
import type { Card } from './stripe-frames.js'
import { STRIPE } from './stripe-routes.js'

/** Where the origin of a page could come to know something. */
export type Place = 'documents' | 'storage' | 'console' | 'requests' | 'bytes at the server' | 'messages'

/** What is searched, and by whose eyes. */
export interface Search {
  page: Page
  context: BrowserContext
  demo: DemoForTest
  watch: PageWatch
}

/** Parts of a card that the origin of the page knows now, by where; `{}` when it knows nothing. */
export async function leaks(
  { page, context, demo, watch }: Search,
  card: Card,
): Promise<Partial<Record<Place, (keyof Card)[]>>> {
  const documents = page.frames().filter((frame) => isOfPage(frame, page))
  expect(documents).toContain(page.mainFrame())
  const texts: readonly [Place, string][] = [
    ['documents', (await Promise.all(documents.map(documentText))).join('\n')],
    ['storage', (await storageText(page)) + JSON.stringify(await context.cookies())],
    ['console', watch.said.join('\n')],
    [
      'requests',
      watch.requests
        .filter(({ url }) => !STRIPE.test(url))
        .map(({ url, body }) => `${url}\n${body}`)
        .join('\n'),
    ],
    ['bytes at the server', demo.bytesFromBrowsers()],
    ['messages', watch.posted.join('\n')],
  ]
  const found: Partial<Record<Place, (keyof Card)[]>> = {}
  for (const [place, text] of texts) {
    // A PaymentMethod tells the page its expiry, by Stripe's own design; never the number or the code.
    const parts = cardDataIn(text, card).filter((part) => place !== 'messages' || part !== 'expiry')
    if (parts.length > 0) found[place] = parts
  }
  return found
}

/** Whether a frame's document belongs to the origin of its page. */
export function isOfPage(frame: Frame, page: Page): boolean {
  return new URL(frame.url()).origin === new URL(page.url()).origin
}

/** Makes closed shadow roots readable, so that they can be searched; before the first page. */
export async function openShadowRoots(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const { attachShadow } = Element.prototype
    Element.prototype.attachShadow = function (options) {
      return attachShadow.call(this, { ...options, mode: 'open' })
    }
  })
}

/** Everything of a frame's document that anybody could read: markup through shadow roots, and what fields hold. */
export function documentText(frame: Frame): Promise<string> {
  return frame.evaluate(() => {
    const parts: string[] = [document.title, location.href, window.name, JSON.stringify(history.state)]
    const visit = (root: Document | ShadowRoot): void => {
      parts.push(root instanceof Document ? root.documentElement.outerHTML : root.innerHTML)
      for (const element of root.querySelectorAll('*')) {
        if ('value' in element) parts.push(String(element.value))
        if (element.shadowRoot) visit(element.shadowRoot)
      }
    }
    visit(document)
    return parts.join('\n')
  })
}

/** Everything that the page's origin keeps in the browser: web storage, databases, caches and readable cookies. */
function storageText(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const parts: unknown[] = [{ ...localStorage }, { ...sessionStorage }, document.cookie]
    for (const { name } of await indexedDB.databases()) {
      if (name === undefined) continue
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      for (const store of database.objectStoreNames) {
        const reading = database.transaction(store).objectStore(store)
        for (const request of [reading.getAll(), reading.getAllKeys()])
          parts.push(
            await new Promise((resolve, reject) => {
              request.onsuccess = () => resolve(request.result)
              request.onerror = () => reject(request.error)
            }),
          )
      }
      database.close()
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name)
      for (const request of await cache.keys()) {
        const response = await cache.match(request)
        parts.push(request.url, await response?.text())
      }
    }
    return JSON.stringify(parts)
  })
}
