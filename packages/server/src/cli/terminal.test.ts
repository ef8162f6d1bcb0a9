import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import { describe, it } from 'vitest'
import { type Terminal, terminal } from './terminal.js'

/** A terminal, what was written to it since the last look, and a clock. */
function open(isTTY: boolean): {
  screen: Terminal
  typed: PassThrough
  written(): [out: string, err: string]
  streams: PassThrough[]
  pass(ms: number): void
} {
  const [stdin, stdout, stderr] = [1, 2, 3].map(() => Object.assign(new PassThrough(), { isTTY }))
  assert(stdin && stdout && stderr)
  let nowMs = 1_000_000
  return {
    screen: terminal({ stdin, stdout, stderr }, () => nowMs),
    typed: stdin,
    streams: [stdout, stderr],
    written: () => [String(stdout.read() ?? ''), String(stderr.read() ?? '')],
    pass(ms) {
      nowMs += ms
    },
  }
}

describe('terminal', () => {
  it('keeps results and remarks apart', () => {
    const { screen, written } = open(false)
    screen.say('a result')
    screen.note('a remark')
    assert.deepEqual(written(), ['a result\n', 'a remark\n'])
  })

  it('replaces progress on a screen, ten times a second at most, and takes it away before it says anything', () => {
    const { screen, written, pass } = open(true)
    screen.progress('1')
    screen.progress('2')
    pass(100)
    screen.progress('3')
    assert.deepEqual(written(), ['', '\r1\u001b[K\r3\u001b[K'])
    screen.say('done')
    assert.deepEqual(written(), ['done\n', '\r\u001b[K'])
    screen.endProgress()
    assert.deepEqual(written(), ['', ''])
  })

  it('says a line now and then where there is no screen, and nothing about what is quick', () => {
    const { screen, written, pass } = open(false)
    screen.progress('1')
    pass(4999)
    screen.progress('2')
    assert.deepEqual(written(), ['', ''])
    pass(1)
    screen.progress('3')
    screen.progress('4')
    pass(5000)
    screen.progress('5')
    assert.deepEqual(written(), ['', '3\n5\n'])
  })

  it('goes on when nobody reads any more', () => {
    const { screen, streams } = open(false)
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    for (const stream of streams) assert.doesNotThrow(() => stream.emit('error', gone))
    screen.say('to nobody')
    for (const stream of streams)
      assert.throws(() => stream.emit('error', new Error('the disk is full')), /disk is full/)
  })

  it('asks where somebody can answer', async () => {
    const { screen, typed, written } = open(true)
    assert(screen.ask)
    const answer = screen.ask('Really? ')
    typed.write('yes\n')
    assert.equal(await answer, 'yes')
    assert.match(written()[0], /Really\? /)
    assert.equal(open(false).screen.ask, null)
  })
})
