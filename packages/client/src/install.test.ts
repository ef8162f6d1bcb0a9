import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const source = new URL('./index.ts', import.meta.url).href

/** Runs a script in a process of its own, whose globals may be broken for good. */
function run(script: string): string {
  const code = `const client = await import(${JSON.stringify(source)}); ${script}`
  return execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim()
}

describe('install in a process of its own', () => {
  test('is a clear error where fetch is frozen', () => {
    const script = `
      Object.defineProperty(globalThis, 'fetch', { value: fetch, writable: false, configurable: false })
      try { client.install({}) } catch (error) { console.log(error.code, error.message) }`
    expect(run(script)).toBe('NOT_INSTALLABLE globalThis.fetch cannot be replaced; use wrapFetch.')
  })

  test('leaves fetch as it was where XMLHttpRequest is frozen', () => {
    const script = `
      const before = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
      Object.defineProperty(globalThis, 'XMLHttpRequest', { value: class {}, writable: false, configurable: false })
      try { client.install({}) } catch (error) { console.log(error.code) }
      const after = Object.getOwnPropertyDescriptor(globalThis, 'fetch')
      console.log(Object.keys(before).every((key) => before[key] === after[key]))
      console.log(Reflect.ownKeys(globalThis).some((key) => String(key).includes('stripe402')))`
    expect(run(script).split('\n')).toEqual(['NOT_INSTALLABLE', 'true', 'false'])
  })

  test('is needed for anything to change: importing touches no global', () => {
    const script = `console.log(Reflect.ownKeys(globalThis).some((key) => String(key).includes('stripe402')))`
    expect(run(script)).toBe('false')
  })
})
