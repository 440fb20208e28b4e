// Writes a large signed CRL for the benches: 39 to 53 octets an entry, half of them with a reason, serial numbers of 18 to 20 random octets.
import { createHash, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const element = (tag, ...parts) => {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)))
  const { length } = body
  if (length < 128) return Buffer.concat([Buffer.from([tag, length]), body])
  const size = []
  for (let left = length; left > 0; left = Math.floor(left / 256)) size.unshift(left % 256)
  return Buffer.concat([Buffer.from([tag, 0x80 | size.length, ...size]), body])
}
const seq = (...parts) => element(0x30, ...parts)
const oid = (hex) => Buffer.from(hex, 'hex')
const algorithm = seq(oid('06092a864886f70d01010b'), [5, 0])
const name = seq(element(0x31, seq(oid('0603550406'), element(0x13, Buffer.from('ID')))), element(0x31, seq(oid('0603550403'), element(0x0c, Buffer.from('CA Contoh Besar')))))
const time = (text) => element(0x17, Buffer.from(text))
const extension = (id, value, critical = []) => seq(oid(id), critical, element(4, value))
const reason = Buffer.from('300c300a0603551d1504030a0101', 'hex')

/** The authority and one certificate of it, kept in `folder`. */
export function authority(folder) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'authority.json')
  if (!existsSync(file)) {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const spki = pair.publicKey.export({ format: 'der', type: 'spki' })
    const keyId = createHash('sha1').update(spki.subarray(24)).digest()
    const usage = extension('0603551d0f', element(3, [1, 6]), [1, 1, 255])
    const extensions = (ca) => element(0xa3, seq(...(ca ? [extension('0603551d13', seq([1, 1, 255]), [1, 1, 255]), usage] : []), extension('0603551d0e', element(4, keyId))))
    const certificate = (serial, subject, ca) => {
      const tbs = seq(element(0xa0, [2, 1, 2]), element(2, Buffer.from(serial, 'hex')), algorithm, name, seq(time('250101000000Z'), time('450101000000Z')), subject, spki, extensions(ca))
      return seq(tbs, algorithm, element(3, [0], sign('sha256', tbs, pair.privateKey)))
    }
    const subject = seq(element(0x31, seq(oid('0603550403'), element(0x0c, Buffer.from('Ratna Contoh')))))
    writeFileSync(file, JSON.stringify({
      key: pair.privateKey.export({ format: 'pem', type: 'pkcs8' }), keyId: keyId.toString('hex'), ca: certificate('01', name, true).toString('base64'),
      leaf: certificate('1122334455667788990011223344556677889900', subject, false).toString('base64'),
    }))
  }
  const { key, keyId, ca, leaf } = JSON.parse(readFileSync(file, 'utf8'))
  return { key: createPrivateKey(key), keyId: Buffer.from(keyId, 'hex'), ca: Buffer.from(ca, 'base64'), leaf: Buffer.from(leaf, 'base64') }
}

/** A CRL of `count` entries in `folder`; the entry in the middle is the leaf's. */
export function crlFile(folder, count) {
  const file = join(folder, `${count}.crl`)
  if (existsSync(file)) return file
  const { key, keyId } = authority(folder)
  const entries = Buffer.alloc(count * 51 + 64)
  let at = 0
  let state = 0x2545f491
  const random = () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state & 255
  }
  const date = Buffer.from('170d3236303130313030303030305a', 'hex')
  for (let i = 0; i < count; i++) {
    const length = i === count >> 1 ? 20 : 18 + (i % 3)
    const withReason = i % 2 === 1
    entries[at++] = 0x30
    entries[at++] = 2 + length + 15 + (withReason ? 14 : 0)
    entries[at++] = 2
    entries[at++] = length
    if (i === count >> 1) at += Buffer.from('1122334455667788990011223344556677889900', 'hex').copy(entries, at)
    else {
      entries[at++] = 0x11 + (i & 63)
      for (let k = 1; k < length; k++) entries[at++] = random()
    }
    at += date.copy(entries, at)
    if (withReason) at += reason.copy(entries, at)
  }
  const extensions = element(0xa0, seq(extension('0603551d23', seq(element(0x80, keyId))), extension('0603551d14', [2, 1, 9])))
  const tbs = seq([2, 1, 1], algorithm, name, time('260101000000Z'), time('460101000000Z'), element(0x30, entries.subarray(0, at)), extensions)
  writeFileSync(file, seq(tbs, algorithm, element(3, [0], sign('sha256', tbs, key))))
  return file
}
