import { isIPv4, isIPv6 } from 'node:net'

/**
 * What counts as one address: all of an IPv4 address, and the first 64 bits of an IPv6 address, for whoever has one of
 * those has all of them. `undefined` for what is no address.
 */
export function networkOf(address: string | undefined): string | undefined {
  // A zone says by which interface of ours somebody came.
  const [plain = ''] = (address ?? '').trim().toLowerCase().split('%')
  if (isIPv4(plain)) return plain
  if (!isIPv6(plain)) return undefined
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  const [head = '', tail] = plain.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  // A dotted end stands for two groups.
  const given = first.length + last.length + (plain.includes('.') ? 1 : 0)
  const groups = tail === undefined ? first : [...first, ...Array(8 - given).fill('0'), ...last]
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`
}

/** Whether an address is of this machine itself. */
export function isLoopback(network: string | undefined, address: string | undefined): boolean {
  return network?.startsWith('127.') === true || address === '::1'
}
