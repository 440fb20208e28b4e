import { CabutError } from '../errors.js'

/** A JSON value. Numbers are IEEE 754 doubles: identifiers with more than 15 digits (NIK, serials) are strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined }

const MAX_DEPTH = 64
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/**
 * Canonical JSON text (RFC 8785, JSON Canonicalization Scheme): member names sorted by UTF-16 code units, no white space,
 * numbers and strings as ECMAScript prints them. Members whose value is `undefined` are left out.
 *
 * @param value - JSON data: plain objects, arrays, strings, finite numbers, booleans, null
 * @returns the canonical text; its UTF-8 bytes are what digests are taken over
 * @throws {@link CabutError} `historyNotJson` for NaN, infinities, lone surrogates (RFC 8785 3.2.2), other types, or more than 64 levels
 * @example
 * ```ts
 * canonicalJson({ b: 1, a: [true, null] }) // '{"a":[true,null],"b":1}'
 * ```
 */
export function canonicalJson(value: Json): string {
  return write(value, 0)
}

/**
 * UTF-8 bytes of {@link canonicalJson}: what digests and signatures are taken over (RFC 8785 3.2.4).
 *
 * @throws {@link CabutError} `historyNotJson`, as canonicalJson does
 * @example
 * ```ts
 * canonicalBytes({ kota: 'Pékalongan' }).length // 22
 * canonicalBytes({ at: Number.NaN }) // throws historyNotJson
 * ```
 */
export function canonicalBytes(value: Json): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value))
}

/** Text is put together piece by piece: an audit writes millions of these, and arrays joined at every level cost it two thirds of its time. */
function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new CabutError('historyNotJson', { detail: `deeper than ${MAX_DEPTH} levels` })
  if (typeof value === 'string') return text(value)
  if (value === null || value === true || value === false) return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new CabutError('historyNotJson', { detail: 'a number that is not finite' })
    return JSON.stringify(value)
  }
  if (Array.isArray(value)) {
    let items = ''
    // By index: a hole in the array is `undefined`, which is no JSON.
    for (let index = 0; index < value.length; index++) items += `${index === 0 ? '' : ','}${write(value[index], depth + 1)}`
    return `[${items}]`
  }
  if (typeof value === 'object' && isPlain(value)) {
    let members = ''
    for (const name of sortedNames(value)) {
      const member = (value as Record<string, unknown>)[name]
      if (member !== undefined) members += `${members === '' ? '' : ','}${text(name)}:${write(member, depth + 1)}`
    }
    return `{${members}}`
  }
  throw new CabutError('historyNotJson', { detail: `a value of type ${value === undefined ? 'undefined' : typeof value}` })
}

/** By UTF-16 code units (RFC 8785 3.2.3), which is how ECMAScript compares strings. Most objects come sorted. */
function sortedNames(value: object): readonly string[] {
  const names = Object.keys(value)
  for (let index = 1; index < names.length; index++) if ((names[index - 1] ?? '') > (names[index] ?? '')) return names.sort()
  return names
}

/** Printable ASCII without quote and backslash: written as it is. */
const PLAIN = /^[ !#-[\]-~]*$/

function text(value: string): string {
  if (PLAIN.test(value)) return `"${value}"`
  // JSON.stringify would escape a lone surrogate; RFC 8785 3.2.2.2 demands an error instead.
  if (LONE_SURROGATE.test(value)) throw new CabutError('historyNotJson', { detail: 'a lone surrogate in a string' })
  return JSON.stringify(value)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
