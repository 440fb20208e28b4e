import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSandbox, startSandbox, type Leaf, type Sandbox } from '@cabut/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exitCodes } from '../src/exit-codes.js'
import { cabut } from './run.js'

let folder: string
let sandbox: Sandbox
let leaf: Leaf
const file = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cabut-cli-'))
  sandbox = await createSandbox({ faults: 'none' })
  leaf = await sandbox.ca.issueLeaf({ commonName: 'Ratna Pertiwi' })
  await writeFile(file('leaf.pem'), leaf.certificatePem)
  await writeFile(file('leaf.der'), leaf.der)
  await writeFile(file('root.pem'), sandbox.anchors[0])
  await writeFile(file('issuing.pem'), sandbox.ca.issuingPem)
  await writeFile(file('before.crl'), sandbox.ca.crl())
  await writeFile(file('root.crl'), new Uint8Array(await (await sandbox.fetch(sandbox.ca.urls.rootCrl)).arrayBuffer()))
})
afterAll(async () => {
  await sandbox.close()
  await rm(folder, { recursive: true, force: true })
})

describe('help', () => {
  test('is Indonesian or English, and lists the exit codes', async () => {
    const indonesian = await cabut(['--help'], 'id')
    expect(indonesian).toMatchObject({ code: 0, err: '' })
    expect(indonesian.out).toContain('Pemakaian:')
    expect(indonesian.out).toContain('10 dicabut')
    const english = await cabut(['status', '--help'], 'en')
    expect(english.out).toContain('check the status of a certificate by CRL and OCSP')
  })

  test.each([[['nonsense']], [['status']], [['status', 'x.pem']], [['certificate']], [['name', 'explain']], [['status', '--colour', 'x']]])('%j is bad input', async (args) => {
    const run = await cabut(args)
    expect(run.code).toBe(2)
    expect(run.err + run.out).not.toBe('')
  })
})

test('the README lists every exit code', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  expect([...readme.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code))).toEqual(Object.values(exitCodes))
})

describe('certificate show', () => {
  test('reads PEM and DER alike', async () => {
    const pem = await cabut(['certificate', 'show', file('leaf.pem'), '--json'])
    const der = await cabut(['certificate', 'show', file('leaf.der'), '--json'])
    expect(pem.code).toBe(0)
    expect(der.out).toBe(pem.out)
    const facts = JSON.parse(pem.out) as { serial: string; subject: string; crl: string[]; unknownCriticalExtensions: string[] }
    expect(facts.serial).toBe(leaf.serial)
    expect(facts.subject).toContain('CN=Ratna Pertiwi')
    expect(facts.crl).toEqual([sandbox.urls.crl])
  })

  test('names a file that is not there, or is no certificate, without a stack', async () => {
    expect(await cabut(['certificate', 'show', file('none.pem')])).toMatchObject({ code: 2, err: expect.stringContaining('cannot be read') as string })
    await writeFile(file('noise'), 'not a certificate')
    const noise = await cabut(['certificate', 'show', file('noise')])
    expect(noise.code).toBe(2)
    expect(noise.err).toMatch(/\[[a-zA-Z]+\]/)
    expect(noise.err).not.toContain('    at ')
  })
})

describe('name explain', () => {
  test('takes a DN apart', async () => {
    const run = await cabut(['name', 'explain', 'CN=Ratna Pertiwi,O=Pemerintah Kota Pekalongan,C=ID', '--json'])
    expect(run.code).toBe(0)
    expect((JSON.parse(run.out) as { name: { attributes: unknown[] } }).name.attributes).toHaveLength(3)
  })

  test('says that case and spaces do not matter, and other letters do (RFC 5280 7.1)', async () => {
    expect((await cabut(['name', 'explain', 'CN=RATNA  PERTIWI,C=ID', '--against', 'cn=Ratna Pertiwi,c=id'])).code).toBe(0)
    const differs = await cabut(['name', 'explain', 'CN=Ratna Pertiwi,C=ID', '--against', 'CN=Ratna Pertivi,C=ID'])
    expect(differs.code).toBe(21)
    expect(differs.out).toContain('Different by RFC 5280 7.1')
  })

  test.each(['CN=a\\', '=a', 'CN=a,,C=ID', `CN=${'\\'.repeat(65_535)}`])('refuses a malformed DN', async (text) => {
    const started = performance.now()
    expect((await cabut(['name', 'explain', text])).code).toBe(2)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

describe('status', () => {
  const offline = (): string[] => ['status', file('leaf.pem'), '--anchors', file('root.pem'), '--intermediates', file('issuing.pem'), '--offline', '--purpose', '1.2.840.113583.1.1.5']

  test('without evidence is unknown, never good', async () => {
    expect((await cabut(offline())).code).toBe(14)
  })

  test('with a fresh CRL that does not list it is good', async () => {
    const run = await cabut([...offline(), '--crl', file('before.crl'), file('root.crl'), '--json'])
    expect(run).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(run.out)).toMatchObject({ status: 'good', serial: leaf.serial })
  })

  test('with its own CRL but none of the root, the status of the issuer is unknown, and so is its own', async () => {
    expect((await cabut([...offline(), '--crl', file('before.crl')]))).toMatchObject({ code: 14, out: expect.stringContaining('issuerStatusUnknown') as string })
  })

  test('with a CRL that lists it is revoked, and says why', async () => {
    sandbox.manage.revokeAtAuthority(leaf.serial, 'keyCompromise')
    sandbox.manage.publish()
    await writeFile(file('after.crl'), sandbox.ca.crl())
    const run = await cabut([...offline(), '--crl', file('after.crl')], 'id')
    expect(run.code).toBe(10)
    expect(run.out).toContain('DICABUT')
    expect(run.out).toContain('keyCompromise')
  })

  test('fetches what it needs, from loopback only when that is allowed', async () => {
    const server = await startSandbox({ faults: 'none', publication: { ocspValidity: 3_600_000 } })
    const own = await server.ca.issueLeaf({ commonName: 'Bima Anggara' })
    await writeFile(file('own.pem'), own.certificatePem)
    await writeFile(file('own-root.pem'), server.anchors[0])
    await writeFile(file('own-issuing.pem'), server.ca.issuingPem)
    const line = ['status', file('own.pem'), '--anchors', file('own-root.pem'), '--intermediates', file('own-issuing.pem'), '--purpose', '1.2.840.113583.1.1.5']
    const guarded = await cabut(line)
    expect(guarded).toMatchObject({ code: 14, out: expect.stringContaining('fetchRefused') as string })
    expect((await cabut([...line, '--allow-loopback'])).code).toBe(0)
    await server.close()
  })

  test('under another root is unknown', async () => {
    const other = await createSandbox({ faults: 'none' })
    await writeFile(file('other.pem'), other.anchors[0])
    const run = await cabut(['status', file('leaf.pem'), '--anchors', file('other.pem'), '--intermediates', file('issuing.pem'), '--offline', '--crl', file('before.crl')])
    expect(run.code).toBe(14)
    await other.close()
  })
})

describe('standard show', () => {
  test.each(['kota-pekalongan', 'kabupaten-purbalingga'])('%s prints its 14 components', async (id) => {
    const run = await cabut(['standard', 'show', id, '--json'])
    expect(run.code).toBe(0)
    expect((JSON.parse(run.out) as { components: unknown[] }).components).toHaveLength(14)
    expect((await cabut(['standard', 'show', id], 'id')).out).toMatch(/14\. /)
  })

  const shown = ['kota-pekalongan', 'kabupaten-purbalingga', ...['kabupaten-tanjung-karsa', 'kota-teluk-sagu'].map((id) => new URL(`../../../docs/standards/${id}.json`, import.meta.url).pathname)]
  test.each(shown.flatMap((which) => (['id', 'en'] as const).map((language) => [which, language] as const)))('%s in %s is a page: what a citizen asks first, then every component and step, in lines that fit', async (which, language) => {
    const { out } = await cabut(['standard', 'show', which], language)
    const lines = out.split('\n')
    expect(lines.filter((line) => line.length > 100)).toEqual([])
    for (const words of language === 'id' ? ['RINGKASAN', 'Siapa mengajukan', 'Jam layanan', 'Gratis', '14. ', 'LANGKAH', 'ditambahkan Cabut'] : ['IN SHORT', 'Who files', 'Service hours', 'Free', '14. ', 'STEPS', 'added by Cabut']) expect(out).toContain(words)
    expect(out).not.toMatch(/undefined|\[object|requestLetter|workingMinutes/)
  })

  test('an unknown id is bad input', async () => {
    expect((await cabut(['standard', 'show', 'kota-lain'])).code).not.toBe(0)
  })
})
