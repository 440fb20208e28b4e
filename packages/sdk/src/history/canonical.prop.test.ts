import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from './canonical.js'

const json = fc.jsonValue({ stringUnit: 'grapheme', maxDepth: 5 })

function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (typeof value !== 'object' || value === null) return value
  const copy: Record<string, unknown> = {}
  for (const name of Object.keys(value).reverse()) Object.defineProperty(copy, name, { value: shuffled((value as Record<string, unknown>)[name]), enumerable: true, configurable: true, writable: true })
  return copy
}

describe('RFC 8785 canonical JSON, properties', () => {
  it('reads back as the same data', () => {
    fc.assert(fc.property(json, (value) => {
      // -0 is written as 0 (RFC 8785 3.2.2.3): compare through JSON.
      expect(JSON.parse(canonicalJson(value as never))).toEqual(JSON.parse(JSON.stringify(value)))
    }))
  })

  it('does not depend on the order of members, and is a fixed point', () => {
    fc.assert(fc.property(json, (value) => {
      const text = canonicalJson(value)
      expect(canonicalJson(shuffled(value) as never)).toBe(text)
      expect(canonicalJson(JSON.parse(text) as never)).toBe(text)
    }))
  })
})
