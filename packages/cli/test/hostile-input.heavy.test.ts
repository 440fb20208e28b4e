import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { cabut } from './run.js'
import { createSandbox } from '@cabut/sandbox'
import { InputError, readCertificateFiles, readFolder } from '../src/input.js'

test('a reader that stops reading (`| head`) is no crash', async () => {
  const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', bin, 'standard', 'show', 'kota-pekalongan'])
  child.stdout.destroy()
  let err = ''
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
  const [code] = await once(child, 'close') as [number]
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

test('files that are too much only together are not read into memory', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cabut-folder-'))
  try {
    for (const name of ['a', 'b']) {
      await writeFile(join(folder, name), '')
      await truncate(join(folder, name), 300 * 1024 * 1024)
    }
    await expect(readFolder(folder)).rejects.toThrow(InputError)
  } finally {
    await rm(folder, { recursive: true })
  }
})

describe('the first mistakes a person makes', () => {
  const cli = async (...args: string[]): Promise<{ code: number | null; err: string }> => {
    const bin = fileURLToPath(new URL('../src/bin.ts', import.meta.url))
    const child = spawn(process.execPath, ['--conditions=@cabut/source', '--import', 'tsx', bin, '--lang', 'en', ...args])
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString() })
    const [code] = await once(child, 'close') as [number]
    return { code, err }
  }
  const block = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`

  test('a private key, a request, a CRL, a letter, rubbish where a certificate is wanted: the file is named, and what it is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cabut-mistakes-'))
    try {
      const path = join(folder, 'berkas')
      for (const [content, said] of [
        [block('PRIVATE KEY'), 'this is a private key'], [block('ENCRYPTED PRIVATE KEY'), 'this is a private key'], [block('CERTIFICATE REQUEST'), 'certificate request'],
        [block('X509 CRL'), 'this is a CRL'], ['%PDF-1.7\n', 'this is a PDF letter'], [block('CERTIFICATE'), 'not a certificate that can be read'], ['', 'empty'],
      ] as const) {
        await writeFile(path, content)
        await expect(readCertificateFiles(path)).rejects.toMatchObject({ name: 'InputError', text: { en: expect.stringContaining(`${path}: `) as string } })
        await expect(readCertificateFiles(path)).rejects.toThrow(said)
      }
      await writeFile(path, '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n')
      await expect(readCertificateFiles(path)).rejects.toThrow('this is a private key')
      await writeFile(path, block('EC PRIVATE KEY'))
      expect(await cli('certificate', 'show', path)).toMatchObject({ code: 2, err: expect.stringContaining('hand it to nobody') as string })
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('an empty DN', async () => {
    expect(await cli('name', 'explain', '')).toMatchObject({ code: 2, err: expect.stringContaining('the DN is empty') as string })
  })

  test('leaving something out, or a slip of the pen: told in both languages, with what to do', async () => {
    for (const [args, id, en] of [
      [['status', 'x.pem'], /--anchors .*wajib: berkas PEM sertifikat akar yang Anda percayai/, /--anchors .*is required: a PEM file with the root certificate you trust/],
      [['status', '--anchors', 'x'], /argumen <file> belum diberikan/, /argument <file> is missing/],
      [['recipt', 'verify', 'x'], /perintah "recipt" tidak dikenal; maksudnya receipt\?/, /unknown command "recipt"; did you mean receipt\?/],
      [['status', 'x.pem', '--anchors', 'y', '--offlin'], /pilihan --offlin tidak dikenal; maksudnya --offline\?/, /unknown option --offlin; did you mean --offline\?/],
      [['status', 'x.pem', '--anchors'], /pilihan --anchors .* memerlukan nilai/, /option --anchors .* needs a value/],
      [['name', 'explain', 'CN=Ratna', 'Pertiwi'], /beri tanda kutip/, /quote values/],
      [['certificate', 'show', 'tidak-ada.pem'], /tidak-ada\.pem: tidak dapat dibaca: tidak ada; periksa namanya/, /there is no such file or folder; check the name/],
      [['certificate', 'show', tmpdir()], /ini folder/, /this is a folder/],
      [['receipt', 'verify', fileURLToPath(import.meta.url), '--anchors', 'x'], /tidak dapat dibaca/, /cannot be read/],
      [['demo', '--out', join(fileURLToPath(import.meta.url), 'x')], /sebagian jalurnya berkas/, /a part of the path is a file/],
      [['name', 'explain', '/C=ID/CN=Ratna'], /ulangi dengan --form openssl-slash/, /repeat with --form openssl-slash/],
      [['name', 'explain', 'CN=a,,C=ID'], /bukan DN dalam bentuk yang dipilih \(pada karakter ke-6\)/, /no distinguished name in the chosen form/],
    ] as const) {
      for (const [language, words] of [['id', id], ['en', en]] as const) {
        const { code, err } = await cabut(args, language)
        expect({ code, err }, args.join(' ')).toEqual({ code: 2, err: expect.stringMatching(words) as string })
        expect(err).toMatch(/^cabut: /)
      }
    }
  })

  test('evidence fetched by hand that is a web page, or a CRL where a certificate is wanted: the file is named', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cabut-evidence-'))
    const sandbox = await createSandbox({ faults: 'none' })
    try {
      const path = (name: string): string => join(folder, name)
      await writeFile(path('page.crl'), '<!doctype html><title>Forbidden</title>')
      await writeFile(path('ca.crl'), sandbox.ca.crl())
      await writeFile(path('root.pem'), sandbox.anchors[0])
      expect(await cabut(['status', path('root.pem'), '--anchors', path('root.pem'), '--crl', path('page.crl')])).toMatchObject({ code: 2, err: expect.stringContaining('page.crl: this is a web page (HTML)') as string })
      expect(await cabut(['crl', 'inspect', path('page.crl')], 'id')).toMatchObject({ code: 2, err: expect.stringContaining('page.crl: ini halaman web (HTML)') as string })
      expect(await cabut(['certificate', 'show', path('ca.crl')], 'id')).toMatchObject({ code: 2, err: expect.stringContaining('ca.crl: ini CRL, bukan sertifikat') as string })
    } finally {
      await sandbox.close()
      await rm(folder, { recursive: true })
    }
  })
})
