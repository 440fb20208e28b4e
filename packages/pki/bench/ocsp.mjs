// OCSP: building a request, judging an answer with a known and with a new responder, against the bare signature check and peers.
import 'reflect-metadata'
import { createHash, createPublicKey, generateKeyPairSync, sign, verify, webcrypto } from 'node:crypto'
import { BasicOCSPResponse, OCSPResponse } from '@peculiar/asn1-ocsp'
import { AsnConvert } from '@peculiar/asn1-schema'
import { SubjectPublicKeyInfo } from '@peculiar/asn1-x509'
import * as x509 from '@peculiar/x509'
import * as pkijs from 'pkijs'
import { buildOcspRequest, judgeOcsp, readCertificate, readOcspResponse } from '../dist/index.js'
import { format, measure, rowOf, share, times } from './measure.mjs'

const element = (tag, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = body
  const header = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(header), body])
}
const seq = (...parts) => element(0x30, ...parts)
const hex = (text) => Buffer.from(text, 'hex')
const name = (text) => seq(element(0x31, seq(hex('0603550403'), element(0x0c, Buffer.from(text)))))
const utc = (text) => element(0x17, Buffer.from(text))
const general = (text) => element(0x18, Buffer.from(text))
const algorithms = { 'RSA-2048': seq(hex('06092a864886f70d01010b'), [5, 0]), 'P-256': seq(hex('06082a8648ce3d040302')) }
const serial = hex('1122334455667788990011223344556677889900')

function makeKey(kind) {
  const pair = kind === 'P-256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 })
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
  const octets = spki.subarray(kind === 'P-256' ? 26 : 24)
  return { ...pair, spki, id: createHash('sha1').update(octets).digest() }
}

function makeCertificate(kind, number, issuer, issuerName, subject, key, extensions) {
  const tbs = seq(element(0xa0, [2, 1, 2]), element(2, number), algorithms[kind], issuerName, seq(utc('250101000000Z'), utc('450101000000Z')), subject, key.spki, element(0xa3, seq(...extensions)))
  return seq(tbs, algorithms[kind], element(3, [0], sign('sha256', tbs, issuer.privateKey)))
}

function scene(kind) {
  const caKey = makeKey(kind)
  const caName = name('CA Contoh')
  const isCa = seq(hex('0603551d13'), [1, 1, 255], element(4, seq([1, 1, 255])))
  const ca = makeCertificate(kind, [1], caKey, caName, caName, caKey, [isCa])
  const rootKey = makeKey(kind)
  const root = makeCertificate(kind, [1], rootKey, name('Akar Contoh'), name('Akar Contoh'), rootKey, [isCa])
  const below = makeCertificate(kind, [2], rootKey, name('Akar Contoh'), caName, caKey, [isCa])
  const leaf = makeCertificate(kind, serial, caKey, caName, name('Ratna Contoh'), makeKey(kind), [seq(hex('0603551d0f'), element(4, element(3, [7, 128])))])
  const response = (number) => {
    const key = makeKey(kind)
    const responder = makeCertificate(kind, [number], caKey, caName, name('Penjawab'), key, [
      seq(hex('0603551d25'), element(4, seq(hex('06082b06010505070309')))), seq(hex('06092b0601050507300105'), element(4, [5, 0])),
    ])
    const certId = seq(seq(hex('06052b0e03021a'), [5, 0]), element(4, createHash('sha1').update(caName).digest()), element(4, caKey.id), element(2, serial))
    const data = seq(element(0xa2, element(4, key.id)), general('20260601000000Z'), seq(seq(certId, [0x80, 0], general('20260601000000Z'), element(0xa0, general('20260602000000Z')))))
    const signature = sign('sha256', data, key.privateKey)
    const basic = seq(data, algorithms[kind], element(3, [0], signature), element(0xa0, seq(responder)))
    return { der: seq([0x0a, 1, 0], element(0xa0, seq(hex('06092b0601050507300101'), element(4, basic)))), data, signature, publicKey: createPublicKey({ key: key.spki, format: 'der', type: 'spki' }) }
  }
  return { ca, leaf, root, below, caKey, response }
}

const buffer = (bytes) => new Uint8Array(bytes).buffer

/** What a caller of the schemas must do by hand: both signatures, the responder's name, purpose and dates, the CertID, the answer's dates. */
async function peculiar(der, ca, caKey) {
  const response = AsnConvert.parse(der, OCSPResponse)
  const basic = AsnConvert.parse(response.responseBytes.response, BasicOCSPResponse)
  const { responderID, responses } = basic.tbsResponseData
  const now = at.getTime()
  const single = responses.find(({ certID }) => Buffer.from(certID.serialNumber).equals(serial) && Buffer.from(certID.issuerKeyHash.buffer).equals(caKey.id))
  if (single?.certStatus.good === undefined || single.thisUpdate.getTime() > now || single.nextUpdate.getTime() < now) throw new Error('@peculiar: wrong answer')
  const signer = new x509.X509Certificate(AsnConvert.serialize(basic.certs[0]))
  const keyHash = createHash('sha1').update(Buffer.from(AsnConvert.parse(signer.publicKey.rawData, SubjectPublicKeyInfo).subjectPublicKey)).digest()
  const purposes = signer.getExtension(x509.ExtendedKeyUsageExtension)?.usages ?? []
  if (!keyHash.equals(Buffer.from(responderID.byKey.buffer)) || !purposes.includes('1.3.6.1.5.5.7.3.9') || signer.notAfter.getTime() < now) throw new Error('@peculiar: no responder')
  if (!(await signer.verify({ publicKey: await authorityKey(ca), signatureOnly: true }))) throw new Error('@peculiar: responder not issued')
  const key = createPublicKey({ key: Buffer.from(signer.publicKey.rawData), format: 'der', type: 'spki' })
  if (!verify('sha256', Buffer.from(basic.tbsResponseDataRaw), key, Buffer.from(basic.signature))) throw new Error('@peculiar: not signed')
}

const authorityKeys = new Map()
async function authorityKey(ca) {
  if (!authorityKeys.has(ca)) authorityKeys.set(ca, await new x509.X509Certificate(ca).publicKey.export(webcrypto))
  return authorityKeys.get(ca)
}

/** getCertificateStatus finds the answer, verify checks signature, chain and delegation anew each time. */
async function byPkijs(der, leaf, issuer, trust) {
  const parsed = pkijs.OCSPResponse.fromBER(buffer(der))
  const { isForCertificate, status } = await parsed.getCertificateStatus(leaf, issuer)
  const basic = pkijs.BasicOCSPResponse.fromBER(parsed.responseBytes.response.valueBlock.valueHexView)
  if (!isForCertificate || status !== 0 || !(await basic.verify(trust))) throw new Error('pkijs: wrong answer')
}

/** Even a judge that took no time beyond the signature check would be held by the check itself. */
function fixedPart(limit, ours, peer, wanted) {
  return `${wanted} times ours would be ${format(ours.ns * wanted)}, and the peer takes ${format(peer.ns)}: ${(peer.ns / limit.ns).toFixed(0)} times the bare signature check, which is the most anybody can reach, and ${format(limit.ns)} of our ${format(ours.ns)}`
}

const at = new Date('2026-06-01T12:00:00Z')
let sink = 0
const echo = async (value) => value

export async function run() {
  x509.cryptoProvider.set(webcrypto)
  const groups = []
  for (const kind of ['RSA-2048', 'P-256']) {
    const { ca, leaf, root, below, caKey, response } = scene(kind)
    const issuer = readCertificate(ca)
    const certificate = readCertificate(leaf)
    const known = response(2)
    const many = Array.from({ length: kind === 'P-256' ? 40 : 12 }, (_, i) => response(3 + (i % 100)))
    const judge = async ({ der }, by = issuer) => {
      const { verdict, reason } = await judgeOcsp(certificate, readOcspResponse(der), { issuer: by, at })
      if (verdict !== 'notRevoked') throw new Error(`wrong answer: ${reason}`)
    }
    pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }))
    const pkijsIssuer = pkijs.Certificate.fromBER(buffer(ca))
    const [pkijsRoot, pkijsBelow] = [root, below].map((der) => pkijs.Certificate.fromBER(buffer(der)))
    const pkijsLeaf = pkijs.Certificate.fromBER(buffer(leaf))
    const readBefore = readOcspResponse(known.der)
    const group = await measure(`OCSP answer, ${kind}`, 'per answer', [
      { name: 'limit: one bare crypto.verify', ops: 2000, run: () => { for (let i = 0; i < 2000; i++) verify('sha256', known.data, known.publicKey, known.signature) } },
      { name: '@cabut/pki read + judge, responder known', ops: 2000, run: async () => { for (let i = 0; i < 2000; i++) await judge(known) } },
      { name: '@cabut/pki readOcspResponse alone', ops: 2000, run: () => { for (let i = 0; i < 2000; i++) readOcspResponse(known.der) } },
      { name: '@cabut/pki judgeOcsp alone, an answer read before', ops: 2000, run: async () => { for (let i = 0; i < 2000; i++) await judgeOcsp(certificate, readBefore, { issuer, at }) } },
    ], { rounds: 15 })
    const peers = await measure(`OCSP answer, ${kind}, beside peers`, 'per answer', [
      { name: '@cabut/pki read + judge, responder known', ops: 2000, run: async () => { for (let i = 0; i < 2000; i++) await judge(known) } },
      { name: '@cabut/pki read + judge, responder new', ops: many.length, run: async () => { const fresh = readCertificate(ca); for (const one of many) await judge(one, fresh).catch((error) => { throw error }) } },
      { name: '@peculiar/asn1-ocsp, x509 + node verify, nothing remembered', ops: 50, run: async () => { for (let i = 0; i < 50; i++) await peculiar(known.der, ca, caKey) } },
      { name: 'pkijs parse, status, verify; issuer trusted', ops: 20, run: async () => { for (let i = 0; i < 20; i++) await byPkijs(known.der, pkijsLeaf, pkijsIssuer, { trustedCerts: [pkijsIssuer] }) } },
      { name: 'pkijs the same; issuer below a trusted root', ops: 20, run: async () => {
        for (let i = 0; i < 20; i++) await byPkijs(known.der, pkijsLeaf, pkijsBelow, { trustedCerts: [pkijsRoot], issuerCerts: [pkijsBelow] })
      } },
    ])
    const [limit, ours] = group.rows
    ours.note = `${(limit.ns / ours.ns).toFixed(2)} x of the bare check's speed`
    const [reading, judging] = ['@cabut/pki readOcspResponse alone', '@cabut/pki judgeOcsp alone'].map((start) => rowOf(group, start))
    group.targets = [
      { what: `OCSP answer, ${kind}, responder known: times the speed of the bare signature check`, limit: 0.85, least: true, value: times(ours, limit),
        why: `of ${format(ours.ns)}, the bare check takes ${share(limit.ns, ours.ns)}; reading alone takes ${share(reading.ns, ours.ns)}, judging an answer read before ${format(judging.ns)}, that is ${format(judging.ns - limit.ns)} beyond the check; what is left (${format(ours.ns - reading.ns - judging.ns)}) is what the two cost together and not apart` },
    ]
    const [among] = peers.rows
    peers.targets = [
      { what: `OCSP answer, ${kind}: @peculiar/asn1-ocsp + verify takes that many times ours`, limit: 50, least: true, value: times(among, rowOf(peers, '@peculiar')), why: fixedPart(limit, among, rowOf(peers, '@peculiar'), 50) },
      { what: `OCSP answer, ${kind}: pkijs takes that many times ours`, limit: 400, least: true, value: times(among, rowOf(peers, 'pkijs parse')), why: fixedPart(limit, among, rowOf(peers, 'pkijs parse'), 400) },
    ]
    groups.push(group, peers)
    if (kind === 'P-256') continue
    const { length: requestLength } = await buildOcspRequest({ certificate, issuer })
    const requests = await measure('OCSP request', 'per request', [
      { name: '@cabut/pki buildOcspRequest', ops: 20_000, run: async () => { for (let i = 0; i < 20_000; i++) await buildOcspRequest({ certificate, issuer }) } },
      { name: 'limit: a new array of its length', ops: 20_000, run: () => { for (let i = 0; i < 20_000; i++) sink += new Uint8Array(requestLength).length } },
      { name: 'limit: awaiting an async function that gives back a value', ops: 20_000, run: async () => { for (let i = 0; i < 20_000; i++) sink += (await echo({ certificate, issuer })).certificate.version } },
      { name: 'pkijs OCSPRequest', ops: 100, run: async () => {
        for (let i = 0; i < 100; i++) {
          const request = new pkijs.OCSPRequest()
          await request.createForCertificate(pkijsLeaf, { hashAlgorithm: 'SHA-1', issuerCertificate: pkijsIssuer })
          request.toSchema(true).toBER()
        }
      } },
    ])
    const [request, array, awaiting] = requests.rows
    requests.targets = [{
      what: 'building an OCSP request, us', limit: 1, value: request.ns / 1e3,
      why: `of ${format(request.ns)}, the array for the octets alone takes ${share(array.ns, request.ns)}, awaiting a promise ${share(awaiting.ns, request.ns)}`,
    }]
    groups.push(requests)
  }
  return groups
}
