import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { userEvent } from 'vitest/browser'
import { type Gestures, watchGestures } from './gestures.js'

let gestures: Gestures

beforeEach(() => {
  gestures = watchGestures()
  gestures.start()
  gestures.forget()
})
afterEach(() => gestures.stop())

describe('watchGestures', () => {
  it('takes what began before a click for nothing that the click has asked for', async () => {
    const before = Date.now()
    await userEvent.click(document.body)
    expect(gestures.isRecent(before)).toBe(false)
    expect(gestures.isRecent(Date.now())).toBe(true)
  })

  it('remembers the click that a request began with, whatever is clicked and typed until its answer', async () => {
    await userEvent.click(document.body)
    const startedAt = Date.now()
    await userEvent.keyboard('{a}{b}{c}')
    await userEvent.click(document.body)
    expect(gestures.isRecent(startedAt)).toBe(true)
    expect(gestures.isRecent(startedAt + 60_000)).toBe(false)
  })
})
