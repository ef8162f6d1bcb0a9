import { describe, expect, it } from 'vitest'
import { deriveClientId, isHolder } from './client-id.js'

const SECRET = '0123456789abcdef0123456789abcdef'

describe('deriveClientId', () => {
  it('is the hex HMAC-SHA256 of the fingerprint under the secret', () => {
    // printf fp_4242 | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    expect(deriveClientId('fp_4242', SECRET)).toBe(
      '432d964315d3097975b444d2f4e67aea1170c7180a91e7f9f13067125c92b671',
    )
  })

  it('differs by card and by server', () => {
    const id = deriveClientId('fp_4242', SECRET)
    expect(deriveClientId('fp_4243', SECRET)).not.toBe(id)
    expect(deriveClientId('fp_4242', SECRET.toUpperCase())).not.toBe(id)
  })

  it('refuses to give every card without a fingerprint the same id', () => {
    expect(() => deriveClientId('', SECRET)).toThrow(TypeError)
  })
})

describe('isHolder', () => {
  const secrets = ['fedcba9876543210fedcba9876543210', SECRET]

  it('finds the account of a card under whichever secret it was opened', () => {
    for (const secret of secrets)
      expect(isHolder(deriveClientId('fp_4242', secret), 'fp_4242', secrets)).toBe(true)
  })

  it('is false for another card, for one without a fingerprint, and under a secret that is gone', () => {
    const id = deriveClientId('fp_4242', SECRET)
    expect(isHolder(id, 'fp_4243', secrets)).toBe(false)
    expect(isHolder(id, null, secrets)).toBe(false)
    expect(isHolder(id, 'fp_4242', secrets.slice(0, 1))).toBe(false)
  })
})
