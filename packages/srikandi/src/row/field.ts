import { CabutError } from '@cabut/sdk'
import type { Json } from '../letter/letter.js'

/** The most characters one text field of a row may have; a short content (ringkasan) is the longest. */
const longest = 20_000

/** Reads the fields of one row by name and knows which were read: the rest is kept as unknown. */
export class RowReader {
  readonly #row: Readonly<Record<string, Json>>
  readonly #read = new Set<string>()
  readonly #at: string

  constructor(row: Readonly<Record<string, Json>>, at: string = '') {
    this.#row = row
    this.#at = at
  }

  /** Dotted place of a field. */
  place(name: string): string {
    return this.#at === '' ? name : `${this.#at}.${name}`
  }

  /** The first of the names that is present and not empty; numbers are taken as text, since exports write them both ways. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      this.#read.add(name)
      const value = this.#own(name)
      if (value === undefined || value === null || value === '') continue
      if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
      if (typeof value === 'boolean') return String(value)
      if (typeof value !== 'string') throw new CabutError('letterFieldInvalid', { at: this.place(name), detail: 'text expected' })
      if (value.length > longest) throw new CabutError('letterFieldInvalid', { at: this.place(name), detail: 'too long' })
      const trimmed = value.trim()
      if (trimmed !== '') return trimmed
    }
    return undefined
  }

  /** A field that must be there. */
  required(...names: readonly string[]): string {
    const value = this.text(...names)
    if (value === undefined) throw new CabutError('letterFieldInvalid', { at: this.place(names[0] ?? ''), detail: 'missing' })
    return value
  }

  /** A list; a single value counts as a list of one. */
  list(name: string): readonly Json[] {
    this.#read.add(name)
    const value = this.#own(name)
    if (value === undefined || value === null || value === '') return []
    return Array.isArray(value) ? (value as readonly Json[]) : [value]
  }

  /** A nested object. */
  object(name: string): Readonly<Record<string, Json>> | undefined {
    this.#read.add(name)
    const value = this.#own(name)
    if (value === undefined || value === null || value === '') return undefined
    if (!isObject(value)) throw new CabutError('letterFieldInvalid', { at: this.place(name), detail: 'object expected' })
    return value
  }

  /** Everything not read so far. */
  rest(): Readonly<Record<string, Json>> {
    return Object.fromEntries(Object.entries(this.#row).filter(([name]) => !this.#read.has(name)))
  }

  #own(name: string): Json | undefined {
    return Object.hasOwn(this.#row, name) ? this.#row[name] : undefined
  }
}

/** A JSON object, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
