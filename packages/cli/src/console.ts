import type { Language, Text } from './language.js'

/** Where a command writes, and how: people read lines, programs read one JSON document. */
export interface Console {
  readonly language: Language
  readonly json: boolean
  /** Writes one line for people; silent under `--json`. */
  line(text?: string): void
  /** Writes the one JSON document of the command; silent without `--json`. */
  document(value: unknown): void
  /** Picks the text in the chosen language. */
  say(text: Text): string
}

/** The console of one command run. `Date`, `bigint`, sets and bytes are written as text in JSON. */
export function createConsole(language: Language, json: boolean, write: (text: string) => void): Console {
  return {
    language,
    json,
    line(text = '') { if (!json) write(`${text}\n`) },
    document(value) { if (json) write(`${JSON.stringify(value, plain, 2)}\n`) },
    say: (text) => text[language],
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Set) return [...value]
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return value
}
