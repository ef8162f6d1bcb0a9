import { describe, expect, it, vi } from 'vitest'
import { register } from './register.js'

describe('@stripe402/paywall', () => {
  it('can be imported where there is no document', async () => {
    expect(typeof document).toBe('undefined')
    const { Stripe402Paywall } = await import('./index.js')
    expect(Stripe402Paywall.name).toBe('Stripe402Paywall')
  })
})

describe('register', () => {
  it('leaves a taken name to its owner, with one warning', () => {
    const owners = new Map<string, unknown>()
    vi.stubGlobal('customElements', {
      get: (name: string) => owners.get(name),
      define: (name: string, element: unknown) => owners.set(name, element),
    })
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    class One {}
    class Other {}
    for (const element of [One, Other])
      Reflect.apply(register, null, [{ 'x-one': element, 'x-two': element }])
    expect(owners.get('x-one')).toBe(One)
    expect(warn).toHaveBeenCalledTimes(1)
    vi.unstubAllGlobals()
    warn.mockRestore()
  })
})
