import { provedText } from '@stripe402/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { browserKeys } from './browser-keys.js'
import { memoryStore } from './client-store.js'
import { hasKey } from './evidence.js'
import { proveKey } from './key-proof.js'
import { newRequestId } from './new-id.js'

const ORIGIN = 'https://seller.example'

function keys(): NonNullable<ReturnType<typeof browserKeys>> {
  const known = browserKeys()
  if (!known) throw new Error('this browser keeps keys')
  return known
}

afterEach(async () => {
  vi.unstubAllGlobals()
  await keys().forget(ORIGIN)
})

function opened<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** What the proof of a pair says, once its signature has been checked by the key in its header. */
async function readProof(proof: string): Promise<Record<string, unknown>> {
  const [head = '', body = '', signature = ''] = proof.split('.')
  const bytes = (part: string): Uint8Array<ArrayBuffer> =>
    Uint8Array.from(atob(part.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0))
  const parse = (part: string): Record<string, unknown> => JSON.parse(new TextDecoder().decode(bytes(part)))
  const { jwk, ...header } = parse(head)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const key = await crypto.subtle.importKey('jwk', Object(jwk), algorithm, true, ['verify'])
  const text = new TextEncoder().encode(`${head}.${body}`)
  const isGood = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, bytes(signature), text)
  return { header, claims: parse(body), isGood }
}

describe('browserKeys', () => {
  test('finds after a reload the key that it has made, one per seller', async () => {
    const made = await keys().make(ORIGIN)
    const jwk = await crypto.subtle.exportKey('jwk', made.publicKey)
    // Another instance is what a reloaded page has.
    const found = await keys().find(ORIGIN)
    expect(found && (await crypto.subtle.exportKey('jwk', found.publicKey))).toEqual(jwk)
    expect(await keys().find('https://other.example')).toBeUndefined()
  })

  test('gives two tabs that make one at the same time the same one', async () => {
    const pairs = await Promise.all([keys().make(ORIGIN), keys().make(ORIGIN), keys().make(ORIGIN)])
    const kept = await Promise.all(
      pairs.map(async ({ publicKey }) => (await crypto.subtle.exportKey('jwk', publicKey)).x),
    )
    expect(new Set(kept).size).toBe(1)
  })

  test('lets nobody carry the private half away', async () => {
    await keys().make(ORIGIN)
    const found = await keys().find(ORIGIN)
    if (!found) throw new Error('it was made')
    expect(found.privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', found.privateKey)).rejects.toThrow('not extractable')
    await expect(crypto.subtle.exportKey('pkcs8', found.privateKey)).rejects.toThrow('not extractable')
  })

  test('forgets a key', async () => {
    await keys().make(ORIGIN)
    await keys().forget(ORIGIN)
    expect(await keys().find(ORIGIN)).toBeUndefined()
  })

  test('signs what RFC 9449 asks for, about one method, URL, payment and moment', async () => {
    const payment = { stripe402Version: 1, requestId: newRequestId(), currency: 'usd' } as const
    const url = `${ORIGIN}/api/%E5%A4%A9%E6%B0%97?q=%C3%A9#part`
    const pair = await keys().make(ORIGIN)
    const proof = await proveKey(pair, { method: 'POST', url, payment, nowMs: 1_767_225_600_999 })
    const text = new TextEncoder().encode(provedText(payment))
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', text))
    expect(await readProof(proof)).toEqual({
      header: { typ: 'dpop+jwt', alg: 'ES256' },
      claims: {
        htm: 'POST',
        htu: url.replace('#part', ''),
        iat: 1_767_225_600.999,
        jti: payment.requestId,
        pth: btoa(String.fromCharCode(...digest))
          .replaceAll('+', '-')
          .replaceAll('/', '_')
          .replace('=', ''),
      },
      isGood: true,
    })
  })

  test('rejects where the key cannot be kept, and reports no error of the page', async () => {
    const { put } = IDBObjectStore.prototype
    const uncaught: unknown[] = []
    const note = (event: Event): void => {
      uncaught.push(event)
      event.preventDefault()
    }
    addEventListener('error', note)
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('not cloneable', 'DataCloneError')
    }
    try {
      await expect(keys().make(ORIGIN)).rejects.toThrow('not kept')
    } finally {
      IDBObjectStore.prototype.put = put
      removeEventListener('error', note)
    }
    expect(uncaught).toEqual([])
    expect(await keys().find(ORIGIN)).toBeUndefined()
  })

  test('is no key, after two seconds, where the database does not open', async () => {
    await keys().make(ORIGIN)
    const keeper = { store: memoryStore(), deviceKeys: keys() }
    const holder = await opened(indexedDB.open('stripe402', 1))
    // Waits for the holder, and everybody else waits for it.
    const upgrade = opened(indexedDB.open('stripe402', 2))
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const found = hasKey(keeper, ORIGIN)
      await vi.advanceTimersByTimeAsync(2000)
      expect(await found).toBe(false)
    } finally {
      vi.useRealTimers()
      holder.close()
      ;(await upgrade).close()
    }
    // Somebody has made another version of it: what cannot be opened is no key, either.
    await expect(keys().find(ORIGIN)).rejects.toThrow('version')
    expect(await hasKey(keeper, ORIGIN)).toBe(false)
    await opened(indexedDB.deleteDatabase('stripe402'))
  })

  test('is there only where a browser has both WebCrypto and IndexedDB', () => {
    vi.stubGlobal('indexedDB', undefined)
    expect(browserKeys()).toBeNull()
    vi.unstubAllGlobals()
    vi.stubGlobal('crypto', { getRandomValues: () => {} })
    expect(browserKeys()).toBeNull()
  })
})
