import { createHash, randomBytes, type KeyObject } from 'node:crypto'
import {
  authorityConstraints,
  authorityInformation,
  authorityKeyId,
  authorityKeyUsage,
  crlDistributionPoint,
  extendedKeyUsage,
  issue,
  issueQuickly,
  leafKeyUsage,
  ocspNoCheck,
  policies,
  qualifiedStatements,
  responderKeyUsage,
  sandboxComment,
  subjectKeyId,
  wholeSecond,
  type CertificatePlan,
} from './certificate.js'
import { writeCrl, type CrlPlan } from './crl.js'
import { elements } from './der.js'
import { generateKey, keyPem, pem, readKey, reusedKey, unpem, type TestKey } from './keys.js'
import { encodeName, issuerOrder, leafOrder, printName, rootOrder, type NameAttribute } from './name.js'
import { answerOcsp, type OcspStatus } from './ocsp.js'

/** Everything needed to bring the same authority back. Test keys: worthless outside the sandbox, still kept at mode 0600. */
export interface AuthorityFile {
  readonly rootKeyPem: string
  readonly issuingKeyPem: string
  readonly responderKeyPem: string
  readonly rootPem: string
  readonly issuingPem: string
  readonly responderPem: string
}

/** What a new leaf certificate needs. */
export interface LeafPlan {
  readonly commonName: string
  readonly organization: string
  /** Default: 6 digits, 10 of `[0-9A-Z]`, `_Tanda Tangan Elektronik`. */
  readonly description?: string
  /** Replaces the whole subject; attributes in DER order. */
  readonly subject?: readonly NameAttribute[]
  /** Hexadecimal. Default: 20 random octets. */
  readonly serial?: string
  /** Default: 30 days before now. */
  readonly notBefore?: Date
  /** Default: two years minus one second after notBefore. */
  readonly notAfter?: Date
  /** `shared` reuses one key and the sandbox's own DER writer: about a millisecond a certificate (bulk tests). Default `new`. */
  readonly key?: 'new' | 'shared'
  /** `null`: no CRL distribution point. Default: the sandbox's own CRL. */
  readonly crlUrl?: string | null
  /** `null`: no OCSP URL. Default: the sandbox's own responder. */
  readonly ocspUrl?: string | null
}

/** An issued leaf certificate with its test key. */
export interface Leaf {
  /** Canonical: lower-case hexadecimal without leading zeros. */
  readonly serial: string
  /** RFC 4514 text. */
  readonly subjectDn: string
  /** RFC 4514 text. */
  readonly issuerDn: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly der: Uint8Array
  readonly certificatePem: string
  /** Leaf, issuing CA, root. */
  readonly chainPem: string
  readonly privateKey: KeyObject
  readonly privateKeyPem: string
}

export interface AuthoritySettings {
  readonly now: () => number
  /** Paths hang below it, e.g. `${baseUrl}/ca/issuing.crl`. */
  readonly baseUrl: string
  readonly keyBits: number
  readonly reuseKeys: boolean
  readonly file?: AuthorityFile
}

/** Root, issuing CA and delegated OCSP responder, shaped like BSrE's. */
export interface Authority {
  readonly file: AuthorityFile
  readonly rootName: readonly NameAttribute[]
  readonly issuingName: readonly NameAttribute[]
  readonly rootKey: TestKey
  readonly issuingKey: TestKey
  readonly rootDer: Uint8Array
  readonly issuingDer: Uint8Array
  readonly responderDer: Uint8Array
  readonly urls: { readonly crl: string; readonly ocsp: string; readonly issuing: string; readonly rootCrl: string; readonly root: string }
  issueLeaf(plan: LeafPlan): Promise<Leaf>
  writeCrl(plan: CrlPlan, by?: 'issuing' | 'root'): Uint8Array
  answerOcsp(
    request: Uint8Array,
    say: (serial: string) => OcspStatus,
    times: { producedAt: Date; thisUpdate: Date; nextUpdate: Date | null },
  ): Uint8Array
}

const DAY = 86_400_000
const YEAR = 365 * DAY
const ORGANIZATION = 'Cabut SANDBOX (bukan lembaga resmi)'
/** Policies and notices of BSrE's newer leaves. */
const LEAF_POLICIES = [
  { id: '2.16.360.1.1.1.5.1.4.3', notice: 'SANDBOX: Individu Instansi Online Level 3' },
  { id: '2.16.360.1.1.1.3.11.2.0.1' },
]

export async function createAuthority(settings: AuthoritySettings): Promise<Authority> {
  const { baseUrl } = settings
  const urls = {
    crl: `${baseUrl}/ca/issuing.crl`,
    ocsp: `${baseUrl}/ca/ocsp`,
    issuing: `${baseUrl}/ca/issuing.crt`,
    rootCrl: `${baseUrl}/ca/root.crl`,
    root: `${baseUrl}/ca/root.crt`,
  }
  const rootName = rootOrder('Cabut SANDBOX Root CA DS G1', ORGANIZATION)
  const issuingName = issuerOrder('Cabut SANDBOX CA DS G1', ORGANIZATION)
  const newKey = (name: string): Promise<TestKey> =>
    settings.reuseKeys ? reusedKey(settings.keyBits, name) : generateKey(settings.keyBits)
  const keyOf = (name: string, text: string | undefined): Promise<TestKey> => (text === undefined ? newKey(name) : readKey(text))
  const [rootKey, issuingKey, responderKey] = await Promise.all([
    keyOf('root', settings.file?.rootKeyPem),
    keyOf('issuing', settings.file?.issuingKeyPem),
    keyOf('responder', settings.file?.responderKeyPem),
  ])
  const file = settings.file ?? (await issueAuthorities())
  const issuingDer = unpem(file.issuingPem)
  const responderDer = unpem(file.responderPem)
  const issuerNameDer = encodeName(issuingName)
  let shared: Promise<TestKey> | undefined

  async function issueAuthorities(): Promise<AuthorityFile> {
    const now = settings.now()
    const root = await issue({
      serial: octets(8),
      subject: rootName,
      issuer: rootName,
      notBefore: new Date(now - 8 * YEAR),
      notAfter: new Date(now + 12 * YEAR),
      spki: rootKey.spki,
      signer: rootKey,
      extensions: [subjectKeyId(rootKey.keyId), authorityConstraints(), authorityKeyUsage(), sandboxComment()],
    })
    const issuing = await issue({
      serial: octets(8),
      subject: issuingName,
      issuer: rootName,
      notBefore: new Date(now - 4 * YEAR),
      notAfter: new Date(now + 10 * YEAR),
      spki: issuingKey.spki,
      signer: rootKey,
      extensions: [
        subjectKeyId(issuingKey.keyId),
        authorityKeyId(rootKey.keyId),
        authorityConstraints(0),
        authorityKeyUsage(),
        crlDistributionPoint(urls.rootCrl),
        authorityInformation({ issuer: urls.root }),
        sandboxComment(),
      ],
    })
    const responder = await issue({
      serial: octets(20),
      subject: issuerOrder('Cabut SANDBOX CA DS G1 - Validation Authority', ORGANIZATION),
      issuer: issuingName,
      notBefore: new Date(now - 30 * DAY),
      notAfter: new Date(now - 30 * DAY + 2 * YEAR - 1000),
      spki: responderKey.spki,
      signer: issuingKey,
      extensions: [
        subjectKeyId(responderKey.keyId),
        authorityKeyId(issuingKey.keyId),
        responderKeyUsage(),
        extendedKeyUsage('1.3.6.1.5.5.7.3.9', false),
        ocspNoCheck(),
        sandboxComment(),
      ],
    })
    return {
      rootKeyPem: keyPem(rootKey),
      issuingKeyPem: keyPem(issuingKey),
      responderKeyPem: keyPem(responderKey),
      rootPem: pem('CERTIFICATE', root),
      issuingPem: pem('CERTIFICATE', issuing),
      responderPem: pem('CERTIFICATE', responder),
    }
  }

  return {
    file,
    rootName,
    issuingName,
    rootKey,
    issuingKey,
    urls,
    rootDer: unpem(file.rootPem),
    issuingDer,
    responderDer,
    async issueLeaf(plan) {
      const key = plan.key === 'shared' ? await (shared ??= newKey('leaf')) : await generateKey(settings.keyBits)
      const subject = plan.subject ?? leafOrder(plan.description ?? newDescription(), plan.commonName, plan.organization)
      const notBefore = wholeSecond(plan.notBefore ?? new Date(settings.now() - 30 * DAY))
      const notAfter = wholeSecond(plan.notAfter ?? twoYearsLater(notBefore))
      const serial = (plan.serial ?? octets(20)).toLowerCase()
      const certificate: CertificatePlan = {
        serial,
        subject,
        issuer: issuingName,
        notBefore,
        notAfter,
        spki: key.spki,
        signer: issuingKey,
        extensions: [
          subjectKeyId(key.keyId),
          authorityKeyId(issuingKey.keyId),
          leafKeyUsage(),
          extendedKeyUsage('1.2.840.113583.1.1.5', true),
          policies(LEAF_POLICIES),
          qualifiedStatements(),
          ...(plan.crlUrl === null ? [] : [crlDistributionPoint(plan.crlUrl ?? urls.crl)]),
          authorityInformation({ issuer: urls.issuing, ...(plan.ocspUrl === null ? {} : { ocsp: plan.ocspUrl ?? urls.ocsp }) }),
          sandboxComment(),
        ],
      }
      const der = plan.key === 'shared' ? issueQuickly(certificate) : await issue(certificate)
      const certificatePem = pem('CERTIFICATE', der)
      return {
        serial: serial.replace(/^0+(?=.)/, ''),
        subjectDn: printName(subject),
        issuerDn: printName(issuingName),
        notBefore,
        notAfter,
        der: new Uint8Array(der),
        certificatePem,
        chainPem: certificatePem + file.issuingPem + file.rootPem,
        privateKey: key.privateKey,
        privateKeyPem: keyPem(key),
      }
    },
    writeCrl: (plan, by = 'issuing') =>
      new Uint8Array(writeCrl(plan, by === 'root' ? { name: rootName, key: rootKey } : { name: issuingName, key: issuingKey })),
    answerOcsp: (request, say, times) =>
      new Uint8Array(
        answerOcsp(request, {
          issuerNameDer,
          issuerKeyBits: keyBits(issuingKey.spki),
          responder: responderKey,
          responderCertificate: responderDer,
          statusOf: say,
          ...times,
        }),
      ),
  }
}

function keyBits(spki: Buffer): Buffer {
  const [, bits] = elements((elements(spki)[0] as { content: Buffer }).content)
  return (bits as { content: Buffer }).content.subarray(1)
}

function twoYearsLater(from: Date): Date {
  const later = new Date(from)
  later.setUTCFullYear(later.getUTCFullYear() + 2)
  return new Date(later.getTime() - 1000)
}

/** A positive serial of exactly `count` octets; like the real ones, about one in eight begins with a zero digit. */
function octets(count: number): string {
  const bytes = randomBytes(count)
  bytes[0] = (bytes[0] as number) & 0x7f
  if (bytes[0] === 0) bytes[0] = 1
  return bytes.toString('hex')
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
function newDescription(): string {
  return `517059${[...randomBytes(10)].map((byte) => DIGITS[byte % 36]).join('')}_Tanda Tangan Elektronik`
}

/** Lower-case hexadecimal SHA-256. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
