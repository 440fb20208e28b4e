// Names and certificates: parsing text, reading DER, matching, certificate to subject; and what hostile input costs.
import 'reflect-metadata'
import { X509Certificate as NodeCertificate, webcrypto } from 'node:crypto'
import { DN } from '@ldapjs/dn'
import { AsnConvert } from '@peculiar/asn1-schema'
import { Name as AsnName } from '@peculiar/asn1-x509'
import * as x509 from '@peculiar/x509'
import jsrsasign from 'jsrsasign'
import * as pkijs from 'pkijs'
import { encodeName, formatName, namesMatch, nameKey, parseName, readCertificate, readName, readSubject } from '../dist/index.js'
import { format, measure, rowOf, share, stopwatch, times } from './measure.mjs'

/** Varied names of the usual shape. */
function nameTexts(count) {
  const given = ['Ratna', 'Dewi', 'Bagus', 'Sri', 'Wahyu', 'Joko', 'Siti', 'Agus']
  const family = ['Lestari', 'Santoso', 'Wibowo', 'Handayani', 'Pratama', 'Kusuma']
  return Array.from({ length: count }, (_, i) => {
    const description = `${100000 + (i * 7919) % 900000}${(i * 2654435761 % 2 ** 32).toString(36).toUpperCase().padStart(10, '0').slice(0, 10)}_Tanda Tangan Elektronik`
    const person = `${given[i % 8]} ${family[i % 6]} ${i}${i % 5 === 0 ? '\\, S.Kom.' : ''}`
    return `description=${description},CN=${person},O=Pemerintah Kabupaten Contoh ${i % 97},C=ID`
  })
}

/** What no parser can do without: two slices and an object for each attribute. It knows no escape, no space and no type. */
const pieces = (text) => text.split(',').map((piece) => {
  const at = piece.indexOf('=')
  return [{ type: piece.slice(0, at), value: piece.slice(at + 1) }]
})

export async function run() {
  return [await parseText(), await readDer(), await match(), ...await certificates(), ...await adversarial()]
}

async function parseText() {
  const texts = nameTexts(100_000)
  const few = texts.slice(0, 5000)
  // jsrsasign and @peculiar/x509 do not know `description` in text.
  const numbered = few.map((text) => text.replace('description', '2.5.4.13'))
  const plain = few.map((text) => text.replace(/^description=[^,]*,/, ''))
  let sink = 0
  const group = await measure('parse 100,000 varied names from text', 'per name', [
    { name: 'limit: one pass over the characters', ops: texts.length, run: () => { for (const text of texts) for (let i = 0; i < text.length; i++) sink ^= text.charCodeAt(i) } },
    { name: 'limit: split at each comma and =, an object for each piece, no syntax', ops: texts.length, run: () => { for (const text of texts) sink += pieces(text).length } },
    { name: '@cabut/pki parseName', ops: texts.length, run: () => { for (const text of texts) sink += parseName(text).rdns.length } },
    { name: '@cabut/pki parseName, every value and type read', ops: texts.length, run: () => { for (const text of texts) for (const rdn of parseName(text).rdns) for (const { type, value } of rdn) sink += type.length + value.length } },
    { name: '@peculiar/x509 Name', ops: few.length, run: () => { for (const text of numbered) sink += new x509.Name(text) === undefined ? 1 : 0 } },
    { name: '@ldapjs/dn DN.fromString', ops: few.length, run: () => { for (const text of few) sink += DN.fromString(text).length } },
    { name: 'jsrsasign X500Name (three RDNs)', ops: plain.length, run: () => { for (const text of plain) sink += new jsrsasign.KJUR.asn1.x509.X500Name({ ldapstr: text }).aRDN?.length ?? 0 } },
  ])
  if (sink === 0.5) console.log(sink)
  const ours = rowOf(group, '@cabut/pki parseName')
  const bare = rowOf(group, 'limit: split')
  const why = `of ${format(ours)}, one pass over the characters takes ${format(group.rows[0])}; splitting at each comma and making the objects, which knows no syntax, takes ${format(bare)}, so that nobody who makes an object for each attribute is more than ${times(bare, rowOf(group, '@peculiar')).toFixed(1)} and ${times(bare, rowOf(group, '@ldapjs')).toFixed(1)} times as fast as the two`
  group.targets = [
    { what: 'parse varied names: @peculiar/x509 takes that many times ours', limit: 10, least: true, value: times(ours, rowOf(group, '@peculiar')), why },
    { what: 'parse varied names: @ldapjs/dn takes that many times ours', limit: 12, least: true, value: times(ours, rowOf(group, '@ldapjs')), why },
    { what: 'parse varied names: times one pass over the characters', limit: 3, value: times(group.rows[0], ours), why: 'four attributes, each an object with type, value and place; the pass over the characters allocates nothing' },
  ]
  return group
}

async function readDer() {
  const ders = nameTexts(10_000).map((text) => encodeName(parseName(text)))
  const few = ders.slice(0, 1000)
  const buffers = few.map((der) => der.buffer.slice(der.byteOffset, der.byteOffset + der.byteLength))
  let sink = 0
  return measure('read a name from DER', 'per name', [
    { name: '@cabut/pki readName', ops: ders.length, run: () => { for (const der of ders) sink += readName(der).rdns.length } },
    { name: '@cabut/pki readName, every value read', ops: ders.length, run: () => { for (const der of ders) for (const rdn of readName(der).rdns) for (const { value } of rdn) sink += value.length } },
    { name: '@peculiar/asn1-x509', ops: few.length, run: () => { for (const buffer of buffers) sink += AsnConvert.parse(buffer, AsnName).length } },
    { name: '@peculiar/x509 Name', ops: few.length, run: () => { for (const buffer of buffers) sink += new x509.Name(buffer).toString().length } },
    { name: 'pkijs', ops: few.length, run: () => { for (const buffer of buffers) sink += pkijs.RelativeDistinguishedNames.fromBER(buffer).typesAndValues.length } },
  ])
}

async function match() {
  const texts = nameTexts(2000)
  const ders = texts.map((text) => encodeName(parseName(text)))
  const others = texts.map((text) => encodeName(parseName(text.replace('Pemerintah', 'PEMERINTAH '))))
  const few = 200
  const toBuffer = (der) => der.buffer.slice(der.byteOffset, der.byteOffset + der.byteLength)
  const [left, right] = [ders.slice(0, few).map(toBuffer), others.slice(0, few).map(toBuffer)]
  let sink = 0
  const group = await measure('match two names given as DER (they differ in case and spaces)', 'per pair', [
    { name: '@cabut/pki readName twice, namesMatch', ops: ders.length, run: () => { for (let i = 0; i < ders.length; i++) sink += namesMatch(readName(ders[i]), readName(others[i])) ? 1 : 0 } },
    { name: '@cabut/pki nameKey of one', ops: ders.length, run: () => { for (const der of ders) sink += nameKey(readName(der)).length } },
    { name: 'pkijs isEqual', ops: few, run: () => { for (let i = 0; i < few; i++) sink += pkijs.RelativeDistinguishedNames.fromBER(left[i]).isEqual(pkijs.RelativeDistinguishedNames.fromBER(right[i])) ? 1 : 0 } },
  ])
  group.targets = [{ what: 'match two DER names: pkijs takes that many times ours', limit: 50, least: true, value: times(group.rows[0], rowOf(group, 'pkijs')) }]
  return group
}

async function certificates() {
  x509.cryptoProvider.set(webcrypto)
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const texts = nameTexts(100)
  const ders = []
  for (const [i, text] of texts.entries()) {
    const certificate = await x509.X509CertificateGenerator.create({
      subject: new x509.Name(toArrayBuffer(encodeName(parseName(text)))), issuer: 'CN=Contoh CA, O=Contoh, C=ID', serialNumber: (0x1000n ** 13n + BigInt(i)).toString(16).padStart(40, '0'), signingAlgorithm: algorithm,
      notBefore: new Date('2026-01-01'), notAfter: new Date('2028-01-01'), publicKey: keys.publicKey, signingKey: keys.privateKey,
      extensions: [
        new x509.ExtendedKeyUsageExtension(['1.2.840.113583.1.1.5'], true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
        new x509.CRLDistributionPointsExtension(['https://ca.example/ca.crl']), new x509.AuthorityInfoAccessExtension({ ocsp: ['https://ca.example/ocsp'] }),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey), await x509.SubjectKeyIdentifierExtension.create(keys.publicKey), new x509.BasicConstraintsExtension(false, undefined, true),
      ],
    }, webcrypto)
    ders.push(new Uint8Array(certificate.rawData))
  }
  const hexes = ders.map((der) => Buffer.from(der).toString('hex'))
  const buffers = ders.map(toArrayBuffer)
  let sink = 0
  const many = 50
  const subjects = await measure('certificate DER to the subject in RFC 4514 form', 'per certificate', [
      { name: '@cabut/pki readSubject, formatName', ops: ders.length * many, run: () => { for (let k = 0; k < many; k++) for (const der of ders) sink += formatName(readSubject(der)).length } },
      { name: '@cabut/pki readCertificate, formatName', ops: ders.length * many, run: () => { for (let k = 0; k < many; k++) for (const der of ders) sink += formatName(readCertificate(der).subject).length } },
      { name: 'node:crypto X509Certificate.subject', ops: ders.length, run: () => { for (const der of ders) sink += new NodeCertificate(der).subject.length } },
      { name: '@peculiar/x509', ops: ders.length, run: () => { for (const buffer of buffers) sink += new x509.X509Certificate(buffer).subject.length } },
      { name: 'pkijs', ops: ders.length, run: () => { for (const buffer of buffers) sink += pkijs.Certificate.fromBER(buffer).subject.typesAndValues.map((pair) => `${pair.type}=${pair.value.valueBlock.value}`).join(',').length } },
      { name: 'jsrsasign', ops: ders.length, run: () => { for (const hex of hexes) { const certificate = new jsrsasign.X509(); certificate.readCertHex(hex); sink += certificate.getSubjectString().length } } },
    ])
  const node = rowOf(subjects, 'node:crypto')
  const facts = await measure('certificate DER to all facts', 'per certificate', [
      { name: '@cabut/pki readCertificate', ops: ders.length * many, run: () => { for (let k = 0; k < many; k++) for (const der of ders) sink += readCertificate(der).extensions.length } },
      { name: 'node:crypto X509Certificate', ops: ders.length, run: () => { for (const der of ders) sink += new NodeCertificate(der).keyUsage?.length ?? 0 } },
      { name: '@peculiar/x509', ops: ders.length, run: () => { for (const buffer of buffers) sink += new x509.X509Certificate(buffer).extensions.length } },
      { name: 'pkijs', ops: ders.length, run: () => { for (const buffer of buffers) sink += pkijs.Certificate.fromBER(buffer).extensions?.length ?? 0 } },
    ])
  const [quick, whole] = subjects.rows
  const [all] = facts.rows
  subjects.targets = [
    { what: 'certificate to subject by readSubject: node:crypto takes that many times ours', limit: 40, least: true, value: times(quick, node) },
    { what: 'certificate to subject by a whole readCertificate: node:crypto takes that many times ours', limit: 40, least: true, value: times(whole, node),
      why: `of ${format(whole.ns)}, reading and judging the whole certificate, with its seven extensions, takes ${share(all.ns, whole.ns)} by itself (below); the subject alone takes ${format(quick.ns)}` },
  ]
  return [subjects, facts]
}

function toArrayBuffer(bytes) {
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
}

/** Texts meant to cost: 16 kB and 64 kB of each shape, through parsing, formatting and matching. */
async function adversarial() {
  const shapes = {
    'backslashes': (n) => `CN=${'\\'.repeat(n)}`,
    'escaped octets': (n) => `CN=${'\\C3\\A9'.repeat(n / 6)}`,
    'letters without =': (n) => 'a'.repeat(n),
    'dots': (n) => '.'.repeat(n),
    'one RDN of many attributes': (n) => Array.from({ length: n / 8 }, (_, i) => `CN=${i}`).join('+'),
    'spaces': (n) => `CN=a${' '.repeat(n)}b`,
    'combining marks': (n) => `CN=a${'\u0301\u0323'.repeat(n / 2)}`,
    'spaces and marks': (n) => `CN=${' \u0301'.repeat(n / 2)}`,
  }
  const cost = async (text) => {
    const samples = []
    for (let round = 0; round < 15; round++) {
      samples.push(await stopwatch(() => {
        try {
          const name = parseName(text)
          formatName(name)
          namesMatch(name, parseName('CN=a'))
        } catch { /* a refusal counts too */ }
      }))
    }
    return samples.map(({ cpu }) => cpu).sort((a, b) => a - b)[7]
  }
  const rows = []
  for (const [name, make] of Object.entries(shapes)) {
    const [few, many] = [await cost(make(16_384)), await cost(make(65_536))]
    rows.push({ name, ns: many, growth: many / few, note: `${(many / few).toFixed(1)} x the 16 kB` })
  }
  return [{
    title: 'hostile texts of 64 kB: parse, format, match', unit: 'per text; the note compares with 16 kB', rows,
    targets: [{ what: 'hostile text of 64 kB: times the 16 kB, the worst shape', limit: 5, value: Math.max(...rows.map((row) => row.growth)), why: 'linear in the length (4 x); the rest is the collector, which meets the larger text' }],
  }]
}
