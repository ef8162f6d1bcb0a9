import { isRequestId } from '@stripe402/core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { newRequestId } from './new-id.js'

afterEach(() => vi.unstubAllGlobals())

describe('newRequestId', () => {
  test.each(['where crypto.randomUUID exists', 'on plain http, where it does not'])(
    'makes UUIDs %s',
    (where) => {
      const { getRandomValues } = crypto
      const plain = { getRandomValues: getRandomValues.bind(crypto) }
      if (where.startsWith('on plain')) vi.stubGlobal('crypto', plain)
      const ids = Array.from({ length: 500 }, newRequestId)
      expect(ids.filter((id) => !isRequestId(id) || id[14] !== '4' || !/[89ab]/.test(id[19] ?? ''))).toEqual(
        [],
      )
      expect(new Set(ids).size).toBe(500)
    },
  )
})
