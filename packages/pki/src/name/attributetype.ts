/**
 * Attribute types with a short name: those of RFC 4514 section 3, and beyond them the spelling OpenSSL prints, so that both write the same text.
 * Further spellings (RFC 4519, RFC 2985, other tools) are only read.
 */
const table: readonly (readonly [oid: string, name: string, ...aliases: readonly string[]])[] = [
  ['2.5.4.3', 'CN', 'commonName'],
  ['2.5.4.4', 'SN', 'surname'],
  ['2.5.4.5', 'serialNumber'],
  ['2.5.4.6', 'C', 'countryName'],
  ['2.5.4.7', 'L', 'localityName'],
  ['2.5.4.8', 'ST', 'stateOrProvinceName', 'S', 'SP'],
  ['2.5.4.9', 'street', 'streetAddress'],
  ['2.5.4.10', 'O', 'organizationName'],
  ['2.5.4.11', 'OU', 'organizationalUnitName'],
  ['2.5.4.12', 'title', 'T'],
  ['2.5.4.13', 'description'],
  ['2.5.4.15', 'businessCategory'],
  ['2.5.4.16', 'postalAddress'],
  ['2.5.4.17', 'postalCode'],
  ['2.5.4.18', 'postOfficeBox'],
  ['2.5.4.19', 'physicalDeliveryOfficeName'],
  ['2.5.4.20', 'telephoneNumber'],
  ['2.5.4.41', 'name'],
  ['2.5.4.42', 'GN', 'givenName', 'G'],
  ['2.5.4.43', 'initials'],
  ['2.5.4.44', 'generationQualifier'],
  ['2.5.4.45', 'x500UniqueIdentifier'],
  ['2.5.4.46', 'dnQualifier', 'DNQ'],
  ['2.5.4.51', 'houseIdentifier'],
  ['2.5.4.65', 'pseudonym'],
  ['2.5.4.72', 'role'],
  ['2.5.4.97', 'organizationIdentifier'],
  ['0.9.2342.19200300.100.1.1', 'UID', 'userId'],
  ['0.9.2342.19200300.100.1.3', 'mail'],
  ['0.9.2342.19200300.100.1.25', 'DC', 'domainComponent'],
  ['1.2.840.113549.1.9.1', 'emailAddress', 'E', 'email'],
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
  ['1.2.840.113549.1.9.8', 'unstructuredAddress'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL', 'jurisdictionLocalityName'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST', 'jurisdictionStateOrProvinceName'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC', 'jurisdictionCountryName'],
]

let nameByOid: Map<string, string> | undefined
let oidByName: Map<string, string> | undefined

/**
 * The short name of a dotted attribute type (RFC 4514 section 3), spelled as OpenSSL prints it; undefined when it has none.
 *
 * @example
 * ```ts
 * attributeName('2.5.4.10') // 'O'
 * attributeName('1.2.3.4') // undefined
 * ```
 */
export function attributeName(oid: string): string | undefined {
  switch (oid) {
    case '2.5.4.3': return 'CN'
    case '2.5.4.10': return 'O'
    case '2.5.4.6': return 'C'
    case '2.5.4.11': return 'OU'
    case '2.5.4.13': return 'description'
  }
  nameByOid ??= new Map(table.map(([type, name]) => [type, name]))
  return nameByOid.get(oid)
}

/**
 * The dotted attribute type of a short name (RFC 4514 section 3, RFC 4519) in any case; undefined when unknown, also for a type that is dotted already.
 *
 * @example
 * ```ts
 * attributeOid('cn') // '2.5.4.3'
 * attributeOid('organizationName') // '2.5.4.10'
 * ```
 */
export function attributeOid(name: string): string | undefined {
  oidByName ??= new Map(table.flatMap(([type, ...names]) => names.flatMap((spelling) => [[spelling, type], [spelling.toLowerCase(), type], [spelling.toUpperCase(), type]])))
  return oidByName.get(name) ?? oidByName.get(name.toLowerCase())
}
