/**
 * Identifier octets (X.690 8.1.2) of the types that X.509 uses. Context tags: {@link contextTag}.
 *
 * @example
 * ```ts
 * new DerReader(certificate.der).peek() === Tag.sequence // true
 * ```
 */
export const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  sequence: 0x30,
  set: 0x31,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
} as const

/**
 * The identifier octet (X.690 8.1.2) of context-specific tag `number` (0-30): primitive unless `constructed`.
 *
 * @example
 * ```ts
 * contextTag(6) // 0x86
 * contextTag(3, true) // 0xa3
 * ```
 */
export function contextTag(number: number, constructed = false): number {
  return (constructed ? 0xa0 : 0x80) | number
}
