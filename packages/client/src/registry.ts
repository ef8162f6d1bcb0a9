// This file alone touches globals.
import { Stripe402Error } from '@stripe402/core'
import type { Paying, PayingFor } from './client.js'

/** The globals that can be patched. */
interface Patchable {
  fetch: typeof fetch
  XMLHttpRequest: typeof XMLHttpRequest
}

/** One global: what was there, and what we put in its place. */
export interface Patch {
  descriptor: PropertyDescriptor | undefined
  original: unknown
  ours: unknown
}

/** Shared by all copies of this package in a realm, so that there is one layer however often it is loaded. */
export interface Registry {
  /** Newest first: after a hot reload, the new code pays. */
  installed: Paying[]
  patches: Map<string, Patch>
}

const KEY = Symbol.for('stripe402.registry')

/** Makes the replacement for one global from the original and from whoever is installed. */
export type Replacements = {
  [Name in keyof Patchable]: (original: Patchable[Name], payingFor: PayingFor) => Patchable[Name]
}

/**
 * Adds somebody who pays to this realm, patching what is not patched yet. Returns the undo.
 *
 * The undo restores a global only when it is still ours; otherwise ours stays, inside a stranger's wrapper, and
 * passes everything through.
 *
 * @throws Stripe402Error `NOT_INSTALLABLE` when a global cannot be replaced; then all are as they were.
 */
export function register(paying: Paying, replacements: Replacements): () => void {
  const registry: Registry = registered() ?? { installed: [], patches: new Map() }
  const restoreUnused = (): void => {
    if (!registry.installed.length) restore(registry)
  }
  try {
    patch(registry, 'fetch', replacements.fetch)
    if (globalThis.XMLHttpRequest) patch(registry, 'XMLHttpRequest', replacements.XMLHttpRequest)
  } catch (error) {
    restoreUnused()
    throw error
  }
  registry.installed.unshift(paying)
  Reflect.set(globalThis, KEY, registry)
  return () => {
    registry.installed = registry.installed.filter((other) => other !== paying)
    restoreUnused()
  }
}

/** What is installed in this realm, by whichever copy. */
export function registered(): Registry | undefined {
  return Reflect.get(globalThis, KEY)
}

function patch<Name extends keyof Patchable>(
  registry: Registry,
  name: Name,
  replace: Replacements[Name],
): void {
  const original = globalThis[name]
  // A stranger may have put back what was there before.
  if ((registry.patches.get(name) ?? { original }).original !== original) return
  const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)
  const ours = replace(original, (origin) => registry.installed.find((one) => one.isInScope(origin)))
  try {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: true,
      ...(descriptor && 'value' in descriptor ? descriptor : { writable: true }),
      value: ours,
    })
  } catch (cause) {
    throw new Stripe402Error('NOT_INSTALLABLE', `globalThis.${name} cannot be replaced; use wrapFetch.`, {
      cause,
    })
  }
  registry.patches.set(name, { descriptor, original, ours })
}

function restore(registry: Registry): void {
  for (const [name, { descriptor, original, ours }] of registry.patches) {
    const current = Reflect.get(globalThis, name)
    if (current === ours) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor)
      else Reflect.deleteProperty(globalThis, name)
    } else if (current !== original) continue
    registry.patches.delete(name)
  }
  // An undo may be called again, when somebody else has installed since.
  if (!registry.patches.size && registered() === registry) Reflect.deleteProperty(globalThis, KEY)
}
