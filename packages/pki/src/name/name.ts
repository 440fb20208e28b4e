/** The ASN.1 type an attribute value is encoded in (RFC 5280 section 4.1.2.4); `other` is anything that is no character string. */
export type StringType = 'utf8' | 'printable' | 'teletex' | 'bmp' | 'universal' | 'ia5' | 'numeric' | 'visible' | 'other'

/** One AttributeTypeAndValue (RFC 5280 section 4.1.2.4). */
export interface Attribute {
  /** Attribute type, dotted object identifier. */
  readonly type: string
  /** The value as text; for `stringType: 'other'` the lower-case hex of its DER after `#`. */
  readonly value: string
  readonly stringType: StringType
  /** The value's DER: tag, length and content. */
  readonly der: Uint8Array
}

/** A Distinguished Name (RFC 5280 section 4.1.2.4): its RDNs in the order of the DER encoding, each a set of one or more attributes. */
export interface Name {
  readonly rdns: readonly (readonly Attribute[])[]
}
