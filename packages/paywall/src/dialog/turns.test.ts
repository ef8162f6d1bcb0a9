import { describe, expect, test } from 'vitest'
import { createTurns } from './turns.js'

const patiently = (): boolean => false

describe('createTurns', () => {
  test('gives the turn to one payment after the other, in the order they came', async () => {
    const turns = createTurns()
    await turns.take('first', patiently)
    const order: string[] = []
    const second = turns.take('second', patiently).then(() => order.push('second'))
    const third = turns.take('third', patiently).then(() => order.push('third'))
    await Promise.resolve()
    expect(order).toEqual([])
    expect(turns.isOf('first')).toBe(true)
    turns.end()
    await second
    expect(turns.isOf('second')).toBe(true)
    turns.end()
    await third
    expect(order).toEqual(['second', 'third'])
  })

  test('lets a payment that has the turn keep it', async () => {
    const turns = createTurns()
    await turns.take('first', patiently)
    await turns.take('first', patiently)
    expect(turns.isOf('first')).toBe(true)
  })

  test('lets one that asks about what is open go ahead', async () => {
    const turns = createTurns()
    await turns.take('first', patiently)
    await turns.take('again', () => true)
    expect(turns.isOf('again')).toBe(true)
  })
})
