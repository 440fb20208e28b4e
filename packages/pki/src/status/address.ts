/** What an IP address is for a fetcher of evidence. `forbidden`: link-local (cloud metadata), multicast, reserved, unspecified. */
export type AddressKind = 'public' | 'private' | 'loopback' | 'forbidden'

/** Classifies an IPv4 or IPv6 address in text form; undefined when it is none. Mapped and translated forms are judged by the IPv4 address inside. */
export function addressKind(text: string): AddressKind | undefined {
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  const v4 = parseIpv4(bare)
  if (v4 !== undefined) return kindOfIpv4(v4)
  const v6 = parseIpv6(bare)
  return v6 === undefined ? undefined : kindOfIpv6(v6)
}

/** First octets and prefix length of the special blocks (RFC 6890 and successors). */
const ipv4Blocks: readonly (readonly [readonly [number, number, number, number], number, AddressKind])[] = [
  [[127, 0, 0, 0], 8, 'loopback'],
  [[10, 0, 0, 0], 8, 'private'],
  [[172, 16, 0, 0], 12, 'private'],
  [[192, 168, 0, 0], 16, 'private'],
  [[100, 64, 0, 0], 10, 'private'],
  [[0, 0, 0, 0], 8, 'forbidden'],
  [[169, 254, 0, 0], 16, 'forbidden'],
  [[192, 0, 0, 0], 24, 'forbidden'],
  [[192, 0, 2, 0], 24, 'forbidden'],
  [[198, 18, 0, 0], 15, 'forbidden'],
  [[198, 51, 100, 0], 24, 'forbidden'],
  [[203, 0, 113, 0], 24, 'forbidden'],
  [[224, 0, 0, 0], 3, 'forbidden'],
]

function toNumber([a, b, c, d]: readonly [number, number, number, number]): number {
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
}

function kindOfIpv4(address: number): AddressKind {
  for (const [start, bits, kind] of ipv4Blocks) if (address >>> (32 - bits) === toNumber(start) >>> (32 - bits)) return kind
  return 'public'
}

function kindOfIpv6(words: readonly number[]): AddressKind {
  const [first, second] = words as [number, number]
  const embedded = (high: number, low: number): AddressKind => kindOfIpv4(((words[high]! << 16) | words[low]!) >>> 0)
  if (words.slice(0, 7).every((word) => word === 0)) return words[7] === 1 ? 'loopback' : 'forbidden'
  // ::ffff:0:0/96 mapped, ::/96 compatible, 64:ff9b::/96 translated, 2002::/16 6to4.
  if (words.slice(0, 5).every((word) => word === 0) && (words[5] === 0xffff || words[5] === 0)) return embedded(6, 7)
  if (first === 0x64 && second === 0xff9b) return words.slice(2, 6).every((word) => word === 0) ? embedded(6, 7) : 'forbidden'
  if (first === 0x2002) return embedded(1, 2)
  if ((first & 0xfe00) === 0xfc00) return 'private'
  // Global unicast is 2000::/3; of it Teredo, ORCHID, benchmarking (2001::/23) and documentation are nobody's server.
  if ((first & 0xe000) !== 0x2000) return 'forbidden'
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return 'forbidden'
  return 'public'
}

function parseIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text)
  if (match === null) return undefined
  const parts = match.slice(1).map(Number) as [number, number, number, number]
  return parts.every((part) => part <= 255) ? toNumber(parts) : undefined
}

function parseIpv6(text: string): number[] | undefined {
  const address = text.replace(/%.*$/, '')
  if (!address.includes(':') || address.length > 45) return undefined
  const halves = address.split('::')
  if (halves.length > 2) return undefined
  const [left, right] = halves.map(words)
  if (left === undefined || (halves.length === 2 && right === undefined)) return undefined
  if (right === undefined) return left.length === 8 ? left : undefined
  const gap = 8 - left.length - right.length
  return gap < 1 ? undefined : [...left, ...new Array<number>(gap).fill(0), ...right]
}

function words(part: string): number[] | undefined {
  if (part === '') return []
  const result: number[] = []
  const pieces = part.split(':')
  for (const [i, piece] of pieces.entries()) {
    const v4 = i === pieces.length - 1 ? parseIpv4(piece) : undefined
    if (v4 !== undefined) result.push(v4 >>> 16, v4 & 0xffff)
    else if (/^[0-9a-fA-F]{1,4}$/.test(piece)) result.push(Number.parseInt(piece, 16))
    else return undefined
  }
  return result
}
