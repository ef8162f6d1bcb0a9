import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** Makes an id such as `pi_3Nf…` that is unlike any other. */
export function createId(prefix: string, length = 24): string {
  return `${prefix}_${randomText(length)}`
}

/** Makes so many random letters and digits. */
export function randomText(length: number): string {
  let text = ''
  for (let at = 0; at < length; at += 1) text += ALPHABET[nextByte() % ALPHABET.length]
  return text
}

// Asking the system for a few bytes at a time costs more than the rest of a call.
const pool = { bytes: randomBytes(4096), next: 0 }

function nextByte(): number {
  if (pool.next === pool.bytes.length) {
    pool.bytes = randomBytes(4096)
    pool.next = 0
  }
  return pool.bytes[pool.next++] ?? 0
}
