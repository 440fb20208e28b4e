// One reader, one CRL, one process: prints times and memory for the way from the file to a verified answer for one serial number.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { createReadStream, promises, openSync, readFileSync, readSync, fstatSync } from 'node:fs'
import { authority } from './make-crl.mjs'
import { median, stopwatch } from './measure.mjs'

const [mode, file, folder, address] = process.argv.slice(2)
const { ca, leaf } = authority(folder)
const serial = '1122334455667788990011223344556677889900'
const at = new Date('2026-06-01T00:00:00Z')

/** Into memory that was touched before, as a service that checks again and again does. */
function intoReused(path) {
  const handle = openSync(path, 'r')
  const { size } = fstatSync(handle)
  const buffer = reused ?? (reused = Buffer.alloc(size, 1))
  for (let done = 0; done < size;) done += readSync(handle, buffer, done, size - done, done)
  return buffer
}
let reused

const readers = {
  sha256: async () => () => createHash('sha256').update(readFileSync(file)).digest(),
  'sha256-memory': async () => {
    const bytes = readFileSync(file)
    return () => createHash('sha256').update(bytes).digest()
  },
  'read-stream': async () => async () => {
    for await (const _chunk of createReadStream(file, { highWaterMark: 1 << 16 })) { /* only reading */ }
  },
  'read-bytes': async () => async () => {
    const handle = await promises.open(file)
    const reader = handle.readableWebStream({ type: 'bytes' }).getReader({ mode: 'byob' })
    let memory = new ArrayBuffer(1 << 18)
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(memory))
      if (done) break
      memory = value.buffer
    }
    await handle.close()
  },
  'read-file': async () => async () => {
    const handle = await promises.open(file)
    const memory = new Uint8Array(1 << 18)
    for (let position = 0; ;) {
      const { bytesRead } = await handle.read(memory, 0, memory.length, position)
      if (bytesRead === 0) break
      position += bytesRead
    }
    await handle.close()
  },
  'sha256-reused': async () => {
    intoReused(file)
    return () => createHash('sha256').update(intoReused(file)).digest()
  },
  'read-crl': async () => {
    const pki = await import('../dist/index.js')
    return () => pki.readCrl(readFileSync(file), { serials: [serial] }).size
  },
  // What judging cannot do without: the issuer's key and two signatures, of the certificate and of the CRL.
  'two-signatures': async () => {
    const pki = await import('../dist/index.js')
    const [issuer, certificate, crl] = [pki.readCertificate(ca), pki.readCertificate(leaf), pki.readCrl(readFileSync(file))]
    return () => {
      const key = createPublicKey({ key: Buffer.from(issuer.spki), format: 'der', type: 'spki' })
      for (const { tbs, signature } of [certificate, crl]) if (!verify('sha256', tbs, key, signature)) throw new Error('not signed')
    }
  },
  ours: async () => {
    const pki = await import('../dist/index.js')
    const issuer = pki.readCertificate(ca)
    const certificate = pki.readCertificate(leaf)
    return async () => expectRevoked(await pki.judgeCrl(certificate, pki.readCrl(readFileSync(file), { serials: [serial], signers: [issuer] }), { issuer, at }))
  },
  'ours-reused': async () => {
    const pki = await import('../dist/index.js')
    const issuer = pki.readCertificate(ca)
    const certificate = pki.readCertificate(leaf)
    intoReused(file)
    return async () => expectRevoked(await pki.judgeCrl(certificate, pki.readCrl(intoReused(file), { serials: [serial], signers: [issuer] }), { issuer, at }))
  },
  ...Object.fromEntries([['ours-stream', false], ['ours-stream-digest', true]].map(([name, digest]) => [name, async () => {
    const pki = await import('../dist/index.js')
    const issuer = pki.readCertificate(ca)
    const certificate = pki.readCertificate(leaf)
    return async () => {
      const source = createReadStream(file, { highWaterMark: 1 << 16 })
      expectRevoked(await pki.judgeCrl(certificate, await pki.readCrlStream(source, { serials: [serial], signers: [issuer], digest }), { issuer, at }))
    }
  }])),
  ...Object.fromEntries([['ours-bytes', false], ['ours-bytes-digest', true]].map(([name, digest]) => [name, async () => {
    const pki = await import('../dist/index.js')
    const issuer = pki.readCertificate(ca)
    const certificate = pki.readCertificate(leaf)
    return async () => {
      const handle = await promises.open(file)
      const judgement = await pki.judgeCrl(certificate, await pki.readCrlStream(handle.readableWebStream({ type: 'bytes' }), { serials: [serial], signers: [issuer], digest }), { issuer, at })
      await handle.close()
      expectRevoked(judgement)
    }
  }])),
  'ours-file': async () => {
    const pki = await import('../dist/index.js')
    const issuer = pki.readCertificate(ca)
    const certificate = pki.readCertificate(leaf)
    return async () => {
      const handle = await promises.open(file)
      const judgement = await pki.judgeCrl(certificate, await pki.readCrlStream(handle, { serials: [serial], signers: [issuer], digest: false }), { issuer, at })
      await handle.close()
      expectRevoked(judgement)
    }
  },
  'ours-fetch': async () => {
    const pki = await import('../dist/index.js')
    const issuer = pki.readCertificate(ca)
    const certificate = pki.readCertificate(leaf)
    return async () => {
      const { body } = await fetch(address)
      expectRevoked(await pki.judgeCrl(certificate, await pki.readCrlStream(body, { serials: [serial], signers: [issuer], digest: false }), { issuer, at }))
    }
  },
  download: async () => async () => {
    const { body } = await fetch(address)
    for await (const _chunk of body) { /* only the transport */ }
  },
  'download-nothing': async () => async () => { await (await fetch(`${address}nothing`)).arrayBuffer() },
  nothing: async () => {
    await import('../dist/index.js')
    return () => undefined
  },
  'peculiar-x509': async () => {
    await import('./lift-limits.mjs')
    await import('reflect-metadata')
    const x509 = await import('@peculiar/x509')
    const { webcrypto } = await import('node:crypto')
    const issuer = new x509.X509Certificate(ca)
    return async () => {
      const crl = new x509.X509Crl(readFileSync(file))
      if (!(await crl.verify({ publicKey: await issuer.publicKey.export(webcrypto) }, webcrypto))) throw new Error('not verified')
      if (crl.findRevoked(serial) === null) throw new Error('not found')
    }
  },
  pkijs: async () => {
    await import('./lift-limits.mjs')
    const pkijs = await import('pkijs')
    const { webcrypto } = await import('node:crypto')
    pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }))
    const issuer = pkijs.Certificate.fromBER(new Uint8Array(ca).buffer)
    const certificate = pkijs.Certificate.fromBER(new Uint8Array(leaf).buffer)
    return async () => {
      const bytes = readFileSync(file)
      const crl = pkijs.CertificateRevocationList.fromBER(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
      if (!(await crl.verify({ issuerCertificate: issuer }))) throw new Error('not verified')
      if (!crl.isCertificateRevoked(certificate)) throw new Error('not found')
    }
  },
  jsrsasign: async () => {
    const { default: jsrsasign } = await import('jsrsasign')
    const pem = `-----BEGIN CERTIFICATE-----\n${ca.toString('base64').match(/.{1,64}/g).join('\n')}\n-----END CERTIFICATE-----\n`
    return () => {
      const crl = new jsrsasign.X509CRL(readFileSync(file).toString('hex'))
      if (!crl.verifySignature(jsrsasign.KEYUTIL.getKey(pem))) throw new Error('not verified')
      if (crl.findRevCertBySN(serial) === null) throw new Error('not found')
    }
  },
}

function expectRevoked({ verdict, reason }) {
  if (verdict !== 'revoked') throw new Error(`wrong answer: ${verdict} ${reason}`)
}

const run = await readers[mode]()
const start = process.memoryUsage.rss()
const first = await stopwatch(run)
const again = [first]
if (process.argv.includes('--repeat')) for (let i = 0; i < 6; i++) again.push(await stopwatch(run))
const warm = { cpu: median(again.map((one) => one.cpu)), wall: median(again.map((one) => one.wall)) }
console.log(JSON.stringify({ first, warm, rss: process.resourceUsage().maxRSS * 1024, start }))
