import { isClientId } from '@stripe402/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { resolveSettings, type Settings } from '../settings.js'
import { MemoryStore } from '../store/index.js'
import { readSession, SESSION_MS, type Session, signSession } from './session-token.js'

let nowMs: number
let settings: Settings

beforeEach(() => {
  nowMs = 1_700_000_000_000
  settings = settingsWith('the secret of a seller of thirty-two bytes')
})

function settingsWith(secret: string | string[]): Settings {
  return resolveSettings({
    stripe: { secretKey: 'sk_test_local', apiBase: 'http://127.0.0.1:9' },
    publishableKey: 'pk_test_local',
    secret,
    store: new MemoryStore(),
    runtime: { now: () => nowMs },
  })
}

function sessionOf(ceilingUnits: number): Session {
  const clientId = 'ab'.repeat(32)
  if (!isClientId(clientId)) throw new TypeError(clientId)
  return { clientId, currency: 'usd', era: 1, thumbprint: 'of a key', ceilingUnits }
}

describe('readSession', () => {
  it('reads what was signed, the first time and the tenth', () => {
    const token = signSession(settings, sessionOf(500))
    for (let time = 0; time < 10; time += 1) expect(readSession(settings, token)).toEqual(sessionOf(500))
  })

  it('reads nothing from a token that has run out, however often it was read before', () => {
    const token = signSession(settings, sessionOf(500))
    expect(readSession(settings, token)).not.toBeNull()
    nowMs += SESSION_MS
    expect(readSession(settings, token)).toBeNull()
  })

  it('reads nothing from a token that differs from a known one in any one character', () => {
    const token = signSession(settings, sessionOf(500))
    readSession(settings, token)
    for (let at = 0; at < token.length; at += 1) {
      const other = token[at] === '1' ? '2' : '1'
      expect(readSession(settings, token.slice(0, at) + other + token.slice(at + 1))).toBeNull()
    }
  })

  it('reads nothing that another secret signed, though a server with that one knows it', () => {
    const others = settingsWith('the secret of somebody else, 32 bytes too')
    const token = signSession(others, sessionOf(500))
    expect(readSession(others, token)).not.toBeNull()
    expect(readSession(settings, token)).toBeNull()
  })

  it('reads more tokens than it keeps in mind', () => {
    const tokens = Array.from({ length: 6000 }, (_, ceiling) => signSession(settings, sessionOf(ceiling)))
    for (let time = 0; time < 2; time += 1)
      for (const [ceiling, token] of tokens.entries())
        expect(readSession(settings, token)?.ceilingUnits).toBe(ceiling)
  })
})
