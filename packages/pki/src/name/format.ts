import { equalBytes } from '../der/writer.js'
import { attributeName } from './attributetype.js'
import { defaultStringType, encodeValue } from './encode.js'
import type { NameForm } from './form.js'
import type { Attribute, Name } from './name.js'
import { hexForm } from './read.js'
import { formatSlash } from './slash.js'
import { encodeUtf8 } from './string.js'

/** Options of {@link formatName} (RFC 4514, RFC 2253, RFC 1779). */
export interface FormatNameOptions {
  /**
   * - `rfc4514`: last RDN first, `CN=Ratna Dewi,O=Contoh,C=ID`; non-ASCII as it is. The text of `openssl -nameopt RFC2253,-esc_msb`.
   * - `rfc2253`: the same with non-ASCII octets as `\C3\A9`: the text of `openssl -nameopt RFC2253`.
   * - `rfc1779`: last RDN first, `, ` between, quotes around values with special characters.
   * - `openssl-oneline`: first RDN first, `C = ID, O = Contoh, CN = Ratna Dewi`, as `openssl -nameopt oneline`.
   * - `openssl-slash`: `/C=ID/O=Contoh/CN=Ratna Dewi`, as `openssl -nameopt compat`. Ambiguous where values hold `/`: for display only.
   * @default 'rfc4514'
   */
  readonly form?: NameForm
  /**
   * Write as `#hex` every value that {@link parseName} would encode otherwise (another string type), so that the text gives back the same DER.
   * Only for `rfc4514` and `rfc2253`.
   * @default false
   */
  readonly lossless?: boolean
}

/**
 * Writes a name as text. Types without a short name are written as dotted OBJECT IDENTIFIER with the value's DER as `#hex` (RFC 4514 section 2.4),
 * as are values that are no character strings.
 *
 * @example
 * ```ts
 * formatName(certificate.subject) // 'C=ID,O=Pemerintah Kabupaten Purbalingga,CN=Laras Kinanti,description=517059A1B2C3D4E5_Tanda Tangan Elektronik'
 * formatName(issuing.subject, { form: 'openssl-slash' }) // '/C=ID/O=Cabut SANDBOX (bukan lembaga resmi)/CN=Cabut SANDBOX CA DS G1'
 * ```
 */
export function formatName(name: Name, options: FormatNameOptions = {}): string {
  const lossless = options.lossless ?? false
  const form = options.form ?? 'rfc4514'
  if (form === 'rfc4514' && !lossless) return formatRfc4514(name)
  switch (form) {
    case 'rfc4514': return reversed(name, ',', '+', (attribute) => formatAttribute(attribute, lossless, false))
    case 'rfc2253': return reversed(name, ',', '+', (attribute) => formatAttribute(attribute, lossless, true))
    case 'rfc1779': return reversed(name, ', ', ' + ', formatRfc1779)
    case 'openssl-oneline': return name.rdns.map((rdn) => rdn.map(formatOneline).join(' + ')).join(', ')
    case 'openssl-slash': return formatSlash(name)
  }
}

/** The usual case, without a call per separator. */
function formatRfc4514(name: Name): string {
  const { rdns } = name
  let text = ''
  for (let i = rdns.length - 1; i >= 0; i--) {
    const rdn = rdns[i]!
    for (let k = rdn.length - 1; k >= 0; k--) {
      const attribute = rdn[k]!
      const type = attribute.stringType === 'other' ? undefined : attributeName(attribute.type)
      text += type === undefined ? formatAttribute(attribute, false, false) : `${type}=${escapeValue(attribute.value)}`
      if (k > 0) text += '+'
    }
    if (i > 0) text += ','
  }
  return text
}

function reversed(name: Name, separator: string, plus: string, format: (attribute: Attribute) => string): string {
  const { rdns } = name
  let text = ''
  for (let i = rdns.length - 1; i >= 0; i--) {
    const rdn = rdns[i]!
    if (i !== rdns.length - 1) text += separator
    // Within an RDN order means nothing; OpenSSL turns it round too.
    text += format(rdn[rdn.length - 1]!)
    for (let k = rdn.length - 2; k >= 0; k--) text += plus + format(rdn[k]!)
  }
  return text
}

/** `#` and the upper-case hex of the value's DER. */
function hexValue(attribute: Attribute): string {
  const { der } = attribute
  return hexForm(der, 0, der.length).toUpperCase()
}

function formatAttribute(attribute: Attribute, lossless: boolean, asciiOnly: boolean): string {
  const name = attributeName(attribute.type)
  if (name === undefined) return `${attribute.type}=${hexValue(attribute)}`
  if (attribute.stringType === 'other' || (lossless && !readsBack(attribute))) return `${name}=${hexValue(attribute)}`
  return `${name}=${asciiOnly ? escapeNonAscii(escapeValue(attribute.value)) : escapeValue(attribute.value)}`
}

function readsBack(attribute: Attribute): boolean {
  const type = defaultStringType(attribute.type, attribute.value)
  return equalBytes(encodeValue(attribute.value, type), attribute.der)
}

/** RFC 4514 2.4 escapes `"` `+` `,` `;` `<` `>` and the escape anywhere, space at both ends, `#` at the start, NUL; control characters as OpenSSL does. */
function escapeValue(value: string): string {
  const last = value.length - 1
  let from = 0
  let text = ''
  for (let i = 0; i <= last; i++) {
    const unit = value.charCodeAt(i)
    // Letters and digits, most of every name, leave at the first comparison.
    if (unit > 0x5c && unit !== 0x7f) continue
    if (unit >= 0x3f && unit !== 0x5c && unit !== 0x7f) continue
    if (unit < 0x20 || unit === 0x7f) text += `${value.slice(from, i)}\\${(unit + 0x100).toString(16).slice(1).toUpperCase()}`
    else if (isSpecial(unit) || (unit === 0x20 && (i === 0 || i === last)) || (unit === 0x23 && i === 0)) text += `${value.slice(from, i)}\\${value[i]!}`
    else continue
    from = i + 1
  }
  return from === 0 ? value : text + value.slice(from)
}

function isSpecial(unit: number): boolean {
  return unit === 0x2c || unit === 0x22 || unit === 0x2b || unit === 0x3b || unit === 0x3c || unit === 0x3e || unit === 0x5c
}

/** Every octet of a non-ASCII character as `\C3`. */
function escapeNonAscii(text: string): string {
  return text.replace(/[^\0-\x7f]+/g, (run) => {
    let escaped = ''
    for (const octet of encodeUtf8(run)) escaped += `\\${octet.toString(16).toUpperCase()}`
    return escaped
  })
}

/** OpenSSL writes unknown types as text here, and quotes a value instead of escaping its separators; `"`, `\` and octets outside printable ASCII are escaped even so. */
function formatOneline(attribute: Attribute): string {
  const name = attributeName(attribute.type) ?? attribute.type
  if (attribute.stringType === 'other') return `${name} = ${hexValue(attribute)}`
  const escaped = escapeNonAscii(attribute.value.replace(/["\\]/g, '\\$&').replace(/[\0-\x1f\x7f]/g, (unit) => `\\${(unit.charCodeAt(0) + 0x100).toString(16).slice(1).toUpperCase()}`))
  return /[+,;<>]|^[ #]| $/.test(attribute.value) ? `${name} = "${escaped}"` : `${name} = ${escaped}`
}

/** The keywords of RFC 1779 section 2.3; every other type is `OID.` and its number. */
const rfc1779Keywords: Readonly<Record<string, string>> = { '2.5.4.3': 'CN', '2.5.4.7': 'L', '2.5.4.8': 'ST', '2.5.4.10': 'O', '2.5.4.11': 'OU', '2.5.4.6': 'C', '2.5.4.9': 'STREET' }

function formatRfc1779(attribute: Attribute): string {
  const name = rfc1779Keywords[attribute.type] ?? `OID.${attribute.type}`
  if (attribute.stringType === 'other') return `${name}=${hexValue(attribute)}`
  const escaped = attribute.value.replace(/["\\]/g, '\\$&').replace(/[\0-\x1f\x7f]/g, (unit) => `\\${(unit.charCodeAt(0) + 0x100).toString(16).slice(1).toUpperCase()}`)
  return /[,+=\n"\\<>#;]|^ | $| {2}/.test(attribute.value) ? `${name}="${escaped}"` : `${name}=${escaped}`
}
