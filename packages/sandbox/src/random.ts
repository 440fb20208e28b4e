/** A small seeded generator (sfc32) with independent named streams, so that faults repeat under one seed. */
export interface Random {
  /** The next number in [0, 1). */
  next(): number
  /** An integer in [low, high]. */
  between(low: number, high: number): number
}

/** `stream` separates consumers: what one draws never shifts what another gets. */
export function createRandom(seed: string | number, stream: string): Random {
  let [a, b, c, d] = hash(`${seed}\n${stream}`)
  const next = (): number => {
    const sum = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let i = 0; i < 12; i++) next()
  return { next, between: (low, high) => low + Math.floor(next() * (high - low + 1)) }
}

function hash(text: string): [number, number, number, number] {
  const words: [number, number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0xdeadbeef]
  for (let i = 0; i < text.length; i++) {
    const slot = (i & 3) as 0 | 1 | 2 | 3
    words[slot] = Math.imul(words[slot] ^ text.charCodeAt(i), 0x01000193 + 2 * slot)
    words[((slot + 1) & 3) as 0] ^= words[slot] >>> 13
  }
  return words
}
