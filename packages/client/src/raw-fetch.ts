import { registered } from './registry.js'

/** The `fetch` that pays nobody: the one that was there before `install`. */
export function rawFetch(...args: Parameters<typeof fetch>): Promise<Response> {
  const original = registered()?.patches.get('fetch')?.original
  return typeof original === 'function' ? original(...args) : globalThis.fetch(...args)
}
