import type { Frame, Page } from '@playwright/test'
import type { Card } from './payment-dialog.js'

/**
 * Parts of a card that occur in a text: as typed, grouped, URL-encoded, or inside base64.
 *
 * A security code and a date are short, so they count only where they stand by themselves.
 */
export function cardDataIn(text: string, card: Card): (keyof Card)[] {
  const readings = [text, percentDecoded(text), ...base64Decoded(text)]
  const [month = '', year = ''] = card.expiry.split(' / ')
  const patterns = {
    number: new RegExp(card.number.split('').join('[^0-9a-z]{0,3}'), 'i'),
    cvc: new RegExp(`(?<![-\\w.])${card.cvc}(?![-\\w.])`),
    expiry: new RegExp(`(?<![-\\w.])${month}[^0-9a-z]{0,3}(20)?${year}(?![-\\w.])`),
  }
  const found: (keyof Card)[] = []
  for (const part of ['number', 'cvc', 'expiry'] as const)
    if (readings.some((reading) => patterns[part].test(reading))) found.push(part)
  return found
}

function percentDecoded(text: string): string {
  return text
    .replace(/\+/g, ' ')
    .replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}

function base64Decoded(text: string): string[] {
  const runs = text.match(/[\w+/-]{16,}={0,2}/g) ?? []
  return runs.map((run) => Buffer.from(run, 'base64').toString('utf8'))
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
export function storageText(page: Page): Promise<string> {
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
