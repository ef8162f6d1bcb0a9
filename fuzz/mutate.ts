import { readFileSync } from 'node:fs'
import type { Random } from './random.js'

type Name = 'payment' | 'payment-required' | 'payment-response'

/** The messages of the published vectors: what a mutation begins with. */
export function seedMessages(name: Name): [object, ...object[]] {
  const file = new URL(`../packages/core/vectors/${name}.json`, import.meta.url)
  const { reads }: { reads: { message: object }[] } = JSON.parse(readFileSync(file, 'utf8'))
  const [first, ...others] = reads.map(({ message }) => message)
  if (!first) throw new TypeError(`${name}.json has no messages`)
  return [first, ...others]
}

const STRANGE: readonly [unknown, ...unknown[]] = [
  null,
  true,
  [],
  {},
  '',
  0,
  -0,
  -1,
  0.5,
  1e308,
  2 ** 53,
  '__proto__',
  '\u0000',
  '\ud800',
  '𝟙🙂',
  'a'.repeat(5000),
  { toString: 'x', constructor: { prototype: {} } },
  [[[[[[[]]]]]]],
]

/** One message with a member changed, removed, doubled or added. Text of JSON, which need not be an object any more. */
export function mutateJson(random: Random, message: object): string {
  const members = Object.entries(message)
  const at = random.int(members.length + 1)
  const [name = 'more'] = members[at] ?? []
  const value = random.pick(STRANGE)
  switch (random.int(9)) {
    case 0:
      return JSON.stringify(Object.fromEntries(members.filter((_, index) => index !== at)))
    case 1:
      return JSON.stringify(value)
    case 2:
      return JSON.stringify(message).replace('{', `{${JSON.stringify(name)}:${JSON.stringify(value)},`)
    case 3:
      return JSON.stringify(message).replace('{', '{"\\u005f_proto__":{"isAdmin":true},')
    case 4:
      return JSON.stringify(message).replace('{', '{"__proto__":{"clientId":"x"},')
    case 5:
      return `${'['.repeat(random.int(3000))}${JSON.stringify(message)}`
    case 6:
      return JSON.stringify(message).replace(/\d+/, () =>
        random.pick(['1e999', '-0', '1.0', '9'.repeat(400)]),
      )
    case 7:
      return JSON.stringify(message)
    default:
      return JSON.stringify({ ...message, [name]: value })
  }
}

/** A header value near a valid one: a mutated message in some base64, whole or with its characters changed. */
export function mutateHeader(random: Random, message: object): string {
  const bytes = Buffer.from(mutateJson(random, message))
  if (random.int(4) === 0 && bytes.length > 0) bytes[random.int(bytes.length)] = random.int(256)
  const encoded = bytes.toString(random.pick(['base64', 'base64', 'base64', 'base64url']))
  const at = random.int(encoded.length + 1)
  switch (random.int(8)) {
    case 0:
      return encoded.slice(0, at)
    case 1:
      return encoded.slice(0, at) + String.fromCharCode(33 + random.int(94)) + encoded.slice(at + 1)
    case 2:
      return (
        encoded.slice(0, at) +
        String.fromCharCode(random.int(2) * 128 + 32 + random.int(64)) +
        encoded.slice(at)
      )
    case 3:
      return random.pick([`${encoded}=`, ` ${encoded} `, encoded + encoded, `${encoded}, ${encoded}`])
    default:
      return encoded
  }
}
