import { type DeviceKeys, newDeviceKey } from './device-keys.js'

const DATABASE = 'stripe402'
const STORE = 'keys'

/**
 * Keys in IndexedDB, which all tabs of the page's origin share and which survive a reload.
 *
 * `null` where a browser has no WebCrypto (plain http) or no IndexedDB (Node, some private modes): a key that the next
 * page could not find again would lock its person out.
 */
export function browserKeys(): DeviceKeys | null {
  if (!globalThis.crypto?.subtle || !globalThis.indexedDB) return null
  return {
    find: (origin) => within('readonly', (keys) => keys.get(origin)).then(pairOf),
    async make(origin) {
      // Made first: a transaction does not wait for anything but its own requests.
      const fresh = await newDeviceKey()
      const kept = await within('readwrite', (keys) => {
        const known = keys.get(origin)
        known.onsuccess = () => {
          if (pairOf(known.result)) return
          try {
            keys.put(fresh, origin)
          } catch {
            // Thrown from here, it would be an uncaught error of the page.
            keys.transaction.abort()
          }
        }
        return known
      })
      return pairOf(kept) ?? fresh
    },
    forget: (origin) => within('readwrite', (keys) => keys.delete(origin)).then(() => {}),
  }
}

/** Runs one request and resolves with its result once all that it led to is written. */
async function within(
  mode: IDBTransactionMode,
  ask: (keys: IDBObjectStore) => { readonly result: unknown },
): Promise<unknown> {
  const database = await open()
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode)
      const request = ask(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () =>
        reject(transaction.error ?? new DOMException('The key is not kept.', 'AbortError'))
    })
  } finally {
    database.close()
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE)
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error)
  })
}

/** Undefined for what somebody else wrote there. */
function pairOf(value: unknown): CryptoKeyPair | undefined {
  const { privateKey, publicKey }: { privateKey?: unknown; publicKey?: unknown } = Object(value)
  return privateKey instanceof CryptoKey && publicKey instanceof CryptoKey
    ? { privateKey, publicKey }
    : undefined
}
