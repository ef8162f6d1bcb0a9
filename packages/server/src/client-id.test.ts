import { describe, expect, it } from 'vitest'
import { deriveClientId } from './client-id.js'

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
