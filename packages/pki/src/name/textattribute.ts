import { encodeOid } from '../der/oid.js'
import { attributeOid } from './attributetype.js'
import { defaultStringType, encodeValue, type TextType } from './encode.js'
import type { Attribute } from './name.js'

/** The dotted type of a spelling in a name: short name, dotted OBJECT IDENTIFIER, or the latter after `OID.` (RFC 1779 section 2.3). */
export function typeOf(spelling: string): string | undefined {
  const bare = spelling.slice(0, 4).toLowerCase() === 'oid.' ? spelling.slice(4) : spelling
  return attributeOid(bare) ?? (encodeOid(bare) === undefined ? undefined : bare)
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

  get stringType(): TextType {
    return defaultStringType(this.type, this.value)
  }

  get der(): Uint8Array {
    return this.#der ??= encodeValue(this.value, this.stringType)
  }
}
