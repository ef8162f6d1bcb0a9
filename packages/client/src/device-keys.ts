/**
 * Keeps the key that shows a seller whose credit it is: a P-256 key pair for ECDSA, one per seller's origin.
 *
 * A pair that cannot be exported can be used by a script on the page, and not carried away.
 */
export interface DeviceKeys {
  /** Undefined when there is none for this origin. */
  find(origin: string): Promise<CryptoKeyPair | undefined>
  /** The pair of this origin, made and kept if there is none. Two calls at the same time resolve with the same one. */
  make(origin: string): Promise<CryptoKeyPair>
  forget(origin: string): Promise<void>
}

/** Keys that end with the page or process: for programs, which can have their card confirmed again. */
export function memoryKeys(): DeviceKeys {
  const pairs = new Map<string, Promise<CryptoKeyPair>>()
  return {
    find: async (origin) => pairs.get(origin),
    make(origin) {
      const pair = pairs.get(origin) ?? newDeviceKey()
      pairs.set(origin, pair)
      return pair
    },
    forget: async (origin) => void pairs.delete(origin),
  }
}

/** Makes a pair whose private half cannot be exported. */
export function newDeviceKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
}
