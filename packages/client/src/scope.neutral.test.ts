import { describe, expect, test } from 'vitest'
import { scopeOf } from './scope.js'

const isPage = typeof location === 'object'

describe('scopeOf', () => {
  test('takes listed origins whatever their spelling, and no others', () => {
    const isInScope = scopeOf(['https://API.example.com:443/path'])
    expect(isInScope('https://api.example.com')).toBe(true)
    expect(isInScope('http://api.example.com')).toBe(false)
    expect(isInScope('https://api.example.com.evil.example')).toBe(false)
  })

  test('takes the page’s own origin, listed or not; where there is none, all', () => {
    if (isPage) {
      expect(scopeOf([])(location.origin)).toBe(true)
      expect(scopeOf(undefined)('https://api.example.com')).toBe(false)
    } else {
      expect(scopeOf(undefined)('https://api.example.com')).toBe(true)
      expect(scopeOf([])('https://api.example.com')).toBe(false)
    }
  })

  test('takes every origin for a star, and throws for what is no URL', () => {
    expect(scopeOf('*')('https://api.example.com')).toBe(true)
    expect(() => scopeOf(['api.example.com'])).toThrow(TypeError)
  })
})
