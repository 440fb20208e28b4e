import { encodeOid } from '../der/oid.js'
import { attributeOid } from './attributetype.js'
import { defaultStringType, encodeValue } from './encode.js'
import type { Attribute, StringType } from './name.js'

/** The dotted type of a spelling in a name: short name, dotted OBJECT IDENTIFIER, or the latter after `OID.` (RFC 1779 section 2.3). */
export function typeOf(spelling: string): string | undefined {
  const unit = spelling.charCodeAt(0)
  if (unit >= 0x30 && unit <= 0x39) return encodeOid(spelling) === undefined ? undefined : spelling
  if (spelling.length > 4 && spelling.slice(0, 4).toLowerCase() === 'oid.') return typeOf(spelling.slice(4))
  return attributeOid(spelling)
}

/** An attribute given as text; encoded when asked. */
export class TextAttribute implements Attribute {
  readonly type: string
  readonly value: string
  #der: Uint8Array | undefined

  constructor(type: string, value: string) {
    this.type = type
    this.value = value
  }

  get stringType(): Exclude<StringType, 'other'> {
    return defaultStringType(this.type, this.value)
  }

  get der(): Uint8Array {
    return this.#der ??= encodeValue(this.value, this.stringType)
  }
}
