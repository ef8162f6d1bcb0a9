import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Makes an id such as `pi_3Nf…` that is unlike any other. */
export function createId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

/** Makes so many random letters and digits. */
export function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')
}
