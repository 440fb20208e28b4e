import { oid, printableString, sequence, setOf, tlv, utf8String } from './der.js'

/** One attribute of a name. RDNs here always hold one attribute, as in BSrE's certificates. */
export interface NameAttribute {
  /** Dotted OID. */
  readonly type: string
  readonly value: string
  readonly stringType: 'utf8' | 'printable' | 'ia5'
}

const KEYWORDS: Readonly<Record<string, string>> = {
  cn: '2.5.4.3',
  sn: '2.5.4.4',
  serialnumber: '2.5.4.5',
  c: '2.5.4.6',
  l: '2.5.4.7',
  st: '2.5.4.8',
  street: '2.5.4.9',
  o: '2.5.4.10',
  ou: '2.5.4.11',
  title: '2.5.4.12',
  description: '2.5.4.13',
  dc: '0.9.2342.19200300.100.1.25',
  uid: '0.9.2342.19200300.100.1.1',
  e: '1.2.840.113549.1.9.1',
  emailaddress: '1.2.840.113549.1.9.1',
}
const PRINTED: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.13': 'description',
}

const description = (value: string): NameAttribute => ({ type: '2.5.4.13', value, stringType: 'utf8' })
const commonName = (value: string): NameAttribute => ({ type: '2.5.4.3', value, stringType: 'utf8' })
const organization = (value: string): NameAttribute => ({ type: '2.5.4.10', value, stringType: 'utf8' })
const country = (value: string): NameAttribute => ({ type: '2.5.4.6', value, stringType: 'printable' })

/** DER order CN, O, C: the root encodes its name in this order, like the real root. */
export const rootOrder = (cn: string, o: string): NameAttribute[] => [commonName(cn), organization(o), country('ID')]
/** DER order C, O, CN: the issuing CA encodes its name the other way round, like the real one. */
export const issuerOrder = (cn: string, o: string): NameAttribute[] => [country('ID'), organization(o), commonName(cn)]
/** DER order description, CN, O, C: BSrE's leaves. */
export const leafOrder = (text: string, cn: string, o: string): NameAttribute[] => [
  description(text),
  commonName(cn),
  organization(o),
  country('ID'),
]

export function encodeName(name: readonly NameAttribute[]): Buffer {
  return sequence(
    ...name.map(({ type, value, stringType }) => {
      const text =
        stringType === 'utf8'
          ? utf8String(value)
          : stringType === 'printable'
            ? printableString(value)
            : tlv(0x16, Buffer.from(value, 'latin1'))
      return setOf(sequence(oid(type), text))
    }),
  )
}

/** RFC 4514 text: RDNs in reverse DER order, descriptors of RFC 4519. */
export function printName(name: readonly NameAttribute[]): string {
  return [...name]
    .reverse()
    .map(({ type, value }) => `${PRINTED[type] ?? type}=${escapeValue(value)}`)
    .join(',')
}

function escapeValue(value: string): string {
  return value
    .replace(/[\\",;<>+=]/g, '\\$&')
    .replace(/^[ #]/, '\\$&')
    .replace(/ $/, '\\ ')
    .replaceAll('\0', '\\00')
}

/**
 * A key under which two texts of the same name meet, whatever their order, case and spacing. AMS looks certificates up
 * with it; `undefined` where the text is no Distinguished Name.
 */
export function nameKey(text: string): string | undefined {
  const parts = splitName(text)
  if (parts === undefined) return undefined
  const keys: string[] = []
  for (const { type, raw } of parts) {
    const keyword = type
      .trim()
      .toLowerCase()
      .replace(/^oid\./, '')
    const dotted = KEYWORDS[keyword] ?? (/^\d+(\.\d+)+$/.test(keyword) ? keyword : undefined)
    const value = readValue(raw.trim())
    if (dotted === undefined || value === undefined) return undefined
    keys.push(`${dotted}=${value.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()}`)
  }
  return keys.sort().join('\n')
}

/** The key of a name we made ourselves. */
export function nameKeyOf(name: readonly NameAttribute[]): string {
  return nameKey(printName(name)) as string
}

function splitName(text: string): { type: string; raw: string }[] | undefined {
  const parts: { type: string; raw: string }[] = []
  let start = 0
  let equals = -1
  let quoted = false
  for (let at = 0; at <= text.length; at++) {
    const char = text[at]
    if (char === '\\') {
      at++
      continue
    }
    if (char === '"') quoted = !quoted
    else if (char === '=' && equals < 0) equals = at
    else if (at === text.length || (!quoted && (char === ',' || char === ';' || char === '+'))) {
      if (equals < 0) return undefined
      parts.push({ type: text.slice(start, equals), raw: text.slice(equals + 1, at) })
      start = at + 1
      equals = -1
    }
  }
  return quoted || parts.length === 0 ? undefined : parts
}

function readValue(raw: string): string | undefined {
  if (raw.startsWith('#')) {
    const bytes = Buffer.from(raw.slice(1), 'hex')
    const long = (bytes[1] ?? 0) >= 0x80 ? (bytes[1] as number) & 0x7f : 0
    return bytes.length < 2 ? undefined : bytes.subarray(2 + long).toString('utf8')
  }
  const body = raw.length >= 2 && raw.startsWith('"') && raw.endsWith('"') ? raw.slice(1, -1) : raw
  const octets: Buffer[] = []
  for (let at = 0; at < body.length; at++) {
    if (body[at] !== '\\') {
      octets.push(Buffer.from(body[at] as string, 'utf16le'))
      continue
    }
    const pair = body.slice(at + 1, at + 3)
    if (/^[0-9a-fA-F]{2}$/.test(pair)) {
      let hex = ''
      while (/^\\[0-9a-fA-F]{2}/.test(body.slice(at, at + 3))) {
        hex += body.slice(at + 1, at + 3)
        at += 3
      }
      at--
      octets.push(Buffer.from(Buffer.from(hex, 'hex').toString('utf8'), 'utf16le'))
    } else if (at + 1 < body.length) octets.push(Buffer.from(body[++at] as string, 'utf16le'))
    else return undefined
  }
  return Buffer.concat(octets).toString('utf16le')
}
