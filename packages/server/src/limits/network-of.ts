import { isIPv4, isIPv6 } from 'node:net'

/**
 * What counts as one address: all of an IPv4 address, and the first 64 bits of an IPv6 address, for whoever has one of
 * those has all of them. `undefined` for what is no address.
 */
export function networkOf(address: string | undefined): string | undefined {
  const plain = plainOf(address)
  if (isIPv4(plain)) return plain
  const groups = groupsOf(plain)
  return groups && `${groups.slice(0, 4).join(':')}::/64`
}

/**
 * The first 48 bits of an IPv6 address: what one customer of a provider may have, with 65,536 networks of 64 bits in it.
 * `undefined` for everything else.
 */
export function wideNetworkOf(address: string | undefined): string | undefined {
  const groups = groupsOf(plainOf(address))
  return groups && `${groups.slice(0, 3).join(':')}::/48`
}

/** Whether an address is of this machine itself. */
export function isLoopback(network: string | undefined, address: string | undefined): boolean {
  return network?.startsWith('127.') === true || address === '::1'
}

/** Without spaces and zone, and an IPv4 address that is written as an IPv6 one as what it is. */
function plainOf(address: string | undefined): string {
  // A zone says by which interface of ours somebody came.
  const [plain = ''] = (address ?? '').trim().toLowerCase().split('%')
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1] ?? plain
}

/** The first four groups of an IPv6 address, at least. */
function groupsOf(plain: string): string[] | undefined {
  if (!isIPv6(plain)) return undefined
  const [head = '', tail] = plain.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail ? tail.split(':') : []
  // A dotted end stands for two groups.
  const given = first.length + last.length + (plain.includes('.') ? 1 : 0)
  const groups = tail === undefined ? first : [...first, ...Array(8 - given).fill('0'), ...last]
  return groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
}
