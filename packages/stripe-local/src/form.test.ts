import { describe, expect, it } from 'vitest'
import { canonicalForm, parseForm } from './form.js'

describe('parseForm', () => {
  it('nests brackets', () => {
    expect(parseForm('amount=500&metadata[a]=b&metadata[c%20d]=e+f')).toEqual({
      amount: '500',
      metadata: { a: 'b', 'c d': 'e f' },
    })
  })

  it('numbers both kinds of array', () => {
    expect(parseForm('expand[]=a&expand[]=b')).toEqual({ expand: { 0: 'a', 1: 'b' } })
    expect(parseForm('expand[0]=a&expand[1]=b')).toEqual({ expand: { 0: 'a', 1: 'b' } })
    expect(parseForm('items[0][price]=1&items[1][price]=2')).toEqual({
      items: { 0: { price: '1' }, 1: { price: '2' } },
    })
  })

  it('keeps an empty value, and a name without one', () => {
    expect(parseForm('description=&email')).toEqual({ description: '', email: '' })
  })

  it('keeps __proto__ a name like any other', () => {
    const tree = parseForm('metadata[__proto__]=x')
    expect(Object.keys(tree.metadata ?? {})).toEqual(['__proto__'])
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false)
  })

  it.each([
    ['a parameter given twice', 'amount=1&amount=2'],
    ['a value and a branch of one name', 'metadata=1&metadata[a]=2'],
    ['an unclosed bracket', 'metadata[a=1'],
    ['a malformed escape', 'a=%zz'],
    ['a name nested without end', `a${'[b]'.repeat(20)}=1`],
  ])('refuses %s', (_, encoded) => {
    expect(() => parseForm(encoded)).toThrow(expect.objectContaining({ status: 400 }))
  })
})

describe('canonicalForm', () => {
  it('is the same whatever the order', () => {
    expect(canonicalForm(parseForm('b=2&a[y]=1&a[x]=0'))).toBe(canonicalForm(parseForm('a[x]=0&a[y]=1&b=2')))
  })

  it('differs where a value differs', () => {
    expect(canonicalForm(parseForm('a=1'))).not.toBe(canonicalForm(parseForm('a=2')))
  })
})
