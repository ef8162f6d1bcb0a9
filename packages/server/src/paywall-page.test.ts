import { describe, expect, it } from 'vitest'
import { paywallPage } from './paywall-page.js'
import { resolveSettings, type Settings } from './settings.js'
import { MemoryStore } from './store/index.js'

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='a&b'>`

function settings(paywallScriptUrl?: string): Settings {
  return resolveSettings({
    stripe: { secretKey: 'sk_test_local' },
    publishableKey: 'pk_test_local',
    secret: 'a secret of thirty-two bytes or more',
    store: new MemoryStore(),
    ...(paywallScriptUrl !== undefined && { paywallScriptUrl }),
  })
}

function pageFor(url: string, text = 'Weather', script = '/paywall.js'): string {
  return paywallPage(settings(script), {
    stripe402Version: 1,
    resource: { url, description: text },
    accepts: [
      {
        scheme: 'stripe',
        currency: 'usd',
        amount: 500,
        minTopUp: 50_000,
        publishableKey: 'pk_test_local',
        payee: { name: text },
      },
    ],
  })
}

describe('paywallPage', () => {
  it('says what is asked, and hands the page to the paywall', () => {
    const page = pageFor('/articles/1?a=1&b=2')
    expect(page).toContain('<title>Weather</title>')
    expect(page).toContain('Weather asks $0.05')
    expect(page).toContain('src="/articles/1?a=1&#38;b=2"')
  })

  it('speaks the language of the visitor, in its direction and with its way to write a price', () => {
    const challenge = {
      stripe402Version: 1 as const,
      resource: { url: '/x' },
      accepts: [
        {
          scheme: 'stripe' as const,
          currency: 'eur',
          amount: 500,
          minTopUp: 50_000,
          publishableKey: 'pk_test_local',
        },
      ],
    }
    const german = paywallPage(settings('/p.js'), challenge, { acceptLanguage: 'de-AT, en;q=0.5' })
    expect(german).toContain('<html lang="de-AT" dir="ltr">')
    expect(german).toMatch(/Diese Seite kostet €\s0,05\./)
    expect(german).toContain('JavaScript nötig')
    const arabic = paywallPage(settings('/p.js'), challenge, { acceptLanguage: 'ar' })
    expect(arabic).toContain('<html lang="ar" dir="rtl">')
  })

  it('says where there is no script to pay with that nobody can pay here, and tells the seller once', () => {
    const warnings: string[] = []
    const silent = { ...settings(), logger: { warn: (text: string) => void warnings.push(text), error() {} } }
    const challenge = { stripe402Version: 1 as const, resource: { url: '/x' }, accepts: [] }
    const page = paywallPage(silent, challenge, { acceptLanguage: 'de' })
    expect(page).toContain('<p>Hier kann nicht im Browser bezahlt werden.</p></main>')
    expect(page).not.toContain('<noscript>')
    paywallPage(silent, challenge)
    expect(warnings).toEqual([expect.stringContaining('Set paywallScriptUrl')])
  })

  it.each([
    ['the description and the payee', pageFor('/x', HOSTILE)],
    ['the URL', pageFor(`/x?${HOSTILE}`)],
    ['the script', pageFor('/x', 'Weather', `/paywall.js?${HOSTILE}`)],
  ])('escapes %s', (_what, page) => {
    expect(page).not.toContain('<script>alert')
    expect(page).not.toMatch(/<img/i)
    expect(page).not.toMatch(/onerror='/)
    expect(page).toContain('&#60;script&#62;alert(1)')
  })

  it.each([
    ['//evil.example/x', '/evil.example/x'],
    ['/\\evil.example/x', '/evil.example/x'],
    ['\\\\evil.example/x', '/evil.example/x'],
    ['https://evil.example/x?a=1', '/x?a=1'],
    ['https:\\\\evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/go?to=https://example.com//x', '/go?to=https://example.com//x'],
  ])('unlocks nothing but a path of its own site: %s', (url, src) => {
    expect(pageFor(url)).toContain(`src="${src}"`)
  })

  it('has a style where the policy lets one in, and no other', () => {
    const challenge = { stripe402Version: 1 as const, resource: { url: '/x' }, accepts: [] }
    const page = (styleNonce?: string): string => paywallPage(settings('/p.js'), challenge, { styleNonce })
    expect(page()).not.toContain('<style')
    expect(page('')).toContain('<style>body:has(')
    expect(page('r4nd0m"x')).toContain('<style nonce="r4nd0m&#34;x">body:has(')
  })

  it('carries the nonce of the policy on its script', () => {
    const challenge = { stripe402Version: 1, resource: { url: '/x' }, accepts: [] } as const
    const page = paywallPage(settings('/paywall.js'), { ...challenge, accepts: [] }, { nonce: 'r4nd0m"x' })
    expect(page).toContain('nonce="r4nd0m&#34;x" src="/paywall.js"')
  })

  it('has no script of its own, so that it works under a strict policy', () => {
    const without = paywallPage(settings(), { stripe402Version: 1, resource: { url: '/x' }, accepts: [] })
    for (const page of [pageFor('/x'), without])
      expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=/)
  })
})
