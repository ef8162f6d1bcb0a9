import { describe, expect, it } from 'vitest'
import { caretAfterFormatting } from './caret.js'

describe('caretAfterFormatting', () => {
  it('stays at the end when it was there', () => {
    expect(caretAfterFormatting('42424', 5, '4242 4')).toBe(6)
    expect(caretAfterFormatting('05', 2, '05 / ')).toBe(5)
  })

  it('stays behind the digit that was typed in the middle', () => {
    // 4[9]242 4242: the new digit pushes the space one to the right.
    expect(caretAfterFormatting('49242 4242', 2, '4924 2424 2')).toBe(2)
  })

  it('counts digits, not separators', () => {
    expect(caretAfterFormatting('42424242', 6, '4242 4242')).toBe(7)
  })

  it('goes to the end when the value got shorter than the caret', () => {
    expect(caretAfterFormatting('4242 4242 4242 4242 99', 21, '4242 4242 4242 4242')).toBe(19)
  })
})
