import { readCertificate, type Certificate } from '@cabut/pki/certificate'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { collectEvidence, judgeProof } from '../src/proof/index.js'
import { verifyReceipt, writeReceipt, type ReceiptForm, type ReceiptInput } from '../src/receipt/index.js'
import { commandsOf, folderOf, openssl } from './openssl.js'
import { salts } from './receipt-case.js'

/*
 * An authority made by OpenSSL alone (P-256, four levels), so that nothing of the sandbox's writing is taken for granted:
 * root -> policy CA -> issuing CA -> leaf, CRL by `openssl ca`, OCSP by `openssl ocsp`.
 */
describe.skipIf(!openssl.present)(`a chain made by ${openssl.note}`, () => {
  let folder: string
  let chain: [Certificate, Certificate, Certificate]
  let leaf: Certificate
  let now: Date

  function run(command: string): void {
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${command}: ${stderr}`)
  }
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)))

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cabut-chain-'))
    writeFileSync(join(folder, 'ca.cnf'), [
      '[ca]', 'default_ca = own', '[own]', 'database = index.txt', 'crlnumber = crlnumber', 'default_md = sha256', 'default_crl_days = 1', 'policy = any', 'serial = serial', 'new_certs_dir = .',
      '[any]', 'commonName = supplied', '[ext_ca]', 'basicConstraints = critical,CA:true', 'keyUsage = critical,keyCertSign,cRLSign', 'subjectKeyIdentifier = hash', 'authorityKeyIdentifier = keyid',
      '[ext_leaf]', 'basicConstraints = CA:false', 'keyUsage = critical,digitalSignature', 'extendedKeyUsage = critical,1.2.840.113583.1.1.5', 'authorityKeyIdentifier = keyid',
      '[ext_ocsp]', 'extendedKeyUsage = OCSPSigning', 'noCheck = ignored', 'authorityKeyIdentifier = keyid', '[req]', 'distinguished_name = dn', '[dn]', '',
    ].join('\n'))
    for (const [name, subject] of [['root', 'Akar'], ['policy', 'Kebijakan'], ['issuing', 'Penerbit'], ['leaf', 'Contoh Pejabat'], ['ocsp', 'Penjawab']]) {
      run(`openssl ecparam -name prime256v1 -genkey -noout -out ${name}.key && openssl req -new -config ca.cnf -key ${name}.key -subj '/CN=${subject}/O=Percobaan/C=ID' -out ${name}.csr`)
    }
    run('openssl x509 -req -in root.csr -signkey root.key -days 3650 -extfile ca.cnf -extensions ext_ca -out root.pem')
    run('openssl x509 -req -in policy.csr -CA root.pem -CAkey root.key -set_serial 2 -days 3000 -extfile ca.cnf -extensions ext_ca -out policy.pem')
    run('openssl x509 -req -in issuing.csr -CA policy.pem -CAkey policy.key -set_serial 3 -days 2000 -extfile ca.cnf -extensions ext_ca -out issuing.pem')
    run('openssl x509 -req -in leaf.csr -CA issuing.pem -CAkey issuing.key -set_serial 0x0abc -days 700 -extfile ca.cnf -extensions ext_leaf -out leaf.pem')
    run('openssl x509 -req -in ocsp.csr -CA issuing.pem -CAkey issuing.key -set_serial 5 -days 700 -extfile ca.cnf -extensions ext_ocsp -out ocsp.pem')
    run('touch index.txt && echo 07 > crlnumber && openssl ca -config ca.cnf -valid leaf.pem -cert issuing.pem -keyfile issuing.key && openssl ca -config ca.cnf -revoke leaf.pem -crl_reason superseded -cert issuing.pem -keyfile issuing.key')
    run('openssl ca -config ca.cnf -gencrl -cert issuing.pem -keyfile issuing.key -out crl.pem && openssl crl -in crl.pem -outform DER -out crl.der')
    run('openssl ocsp -issuer issuing.pem -cert leaf.pem -no_nonce -reqout req.der && openssl ocsp -index index.txt -CA issuing.pem -rsigner ocsp.pem -rkey ocsp.key -reqin req.der -respout ocsp.der -ndays 1')
    now = new Date()
    leaf = readCertificate(read('leaf.pem'))
    chain = [readCertificate(read('issuing.pem')), readCertificate(read('policy.pem')), readCertificate(read('root.pem'))]
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function inputFor(source: 'crl' | 'ocsp', upTo: number): Promise<ReceiptInput> {
    const path = chain.slice(0, upTo) as [Certificate, ...Certificate[]]
    const evidence = read(`${source}.der`)
    const status = await collectEvidence(leaf, {
      anchors: [path.at(-1)!], intermediates: path.slice(0, -1), at: now, fetch: false, checkIssuers: false, ...(source === 'crl' ? { crls: [evidence] } : { ocsp: [evidence] }),
    })
    const verdict = await judgeProof({ evidence: [status], now })
    if (verdict.verdict !== 'proven') throw new Error(`${verdict.verdict}: ${status.status} ${status.reason ?? ''}`)
    return {
      caseId: 'K-2026-0009', standard: { id: 'kota-pekalongan', version: '1' }, certificate: leaf, chain: path, proof: verdict.proof, evidence, letters: [], history: [], times: {},
      sandbox: false, writtenAt: now.toISOString(), salts,
    }
  }

  const table: [string, 'crl' | 'ocsp', number, ReceiptForm][] = [
    ['CRL, four levels', 'crl', 3, 'full'], ['CRL, four levels', 'crl', 3, 'public'], ['OCSP, four levels', 'ocsp', 3, 'full'], ['OCSP, four levels', 'ocsp', 3, 'public'],
    ['CRL, the issuing CA itself pinned', 'crl', 1, 'full'], ['CRL, the issuing CA itself pinned', 'crl', 1, 'public'],
    ['OCSP, the issuing CA itself pinned', 'ocsp', 1, 'full'], ['OCSP, an intermediate pinned', 'ocsp', 2, 'public'],
  ]
  it.each(table)('%s (%s, %i, %s): our verdict and OpenSSL\'s', async (_what, source, upTo, form) => {
    const files = await writeReceipt(await inputFor(source, upTo), { form })
    expect(await verifyReceipt(files, { anchors: [chain[upTo - 1]!] })).toMatchObject({ valid: true, problems: [], receipt: { sandbox: false, proof: { source } } })
    const shell = folderOf(files)
    try {
      const runs = commandsOf(files).map((command) => shell.run(command))
      const [main] = runs.filter(({ command }) => /-crl_check|openssl ocsp|-verify -CAfile/.test(command))
      if (source === 'ocsp') {
        expect(main).toMatchObject({ code: 0 })
        expect(main?.output).toContain('Response verify OK')
        expect(main?.output).toContain(`${form === 'full' ? 'certificate.pem' : '0xabc'}: revoked`)
        expect(main?.output).toContain('Reason: superseded')
      } else {
        expect(main?.code).toBe(form === 'full' ? 2 : 0)
        expect(main?.output).toContain(form === 'full' ? 'error 23 at 0 depth lookup: certificate revoked' : 'verify OK')
        expect(main?.output.match(/error \d+ at/g) ?? []).toEqual(form === 'full' ? ['error 23 at'] : [])
        expect(runs.find(({ command }) => command.includes('sed -n'))?.stdout).toContain('Serial Number: 0ABC')
      }
      for (const { command, code } of runs) if (/^openssl verify .*chain\/issuer\.pem$/.test(command)) expect(code).toBe(0)
    } finally {
      shell.close()
    }
  })

  it('with two certificates between, they come as one file for OpenSSL', async () => {
    const files = await writeReceipt(await inputFor('crl', 3))
    expect([...files.keys()].filter((path) => path.startsWith('chain/')).sort()).toEqual(['chain/intermediate-1.pem', 'chain/intermediates.pem', 'chain/issuer.pem', 'chain/root.pem'])
  })
})
