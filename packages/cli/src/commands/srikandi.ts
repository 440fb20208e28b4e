import { open, rename } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { createEvidenceFetcher } from '@cabut/pki/status'
import { CabutError } from '@cabut/sdk'
import { unzipReceipt } from '@cabut/sdk/receipt'
import {
  answerReceipts, checkOffices, createFolderTransport, examineLetter, findOffice, overviewFolder, proposeHolders, readDetails, readExport, readRow,
  type AnswerReceiptsInput, type IncomingLetter, type LetterExamination, type LetterReading, type OfficeDirectory, type ReadFact, type SignatureOptions,
} from '@cabut/srikandi'
import { createDocxForm } from '@cabut/srikandi/docx'
import type { Console } from '../console.js'
import { exitCodes, type ExitCode } from '../exit-codes.js'
import { InputError, readCertificates, readFolder, readInput } from '../input.js'
import type { CommandSpec } from '../program.js'

type Options = Readonly<Record<string, unknown>>
/** What an office tells of itself, as a JSON file. */
type OfficeFile = Pick<AnswerReceiptsInput, 'offices' | 'letterhead' | 'signatory' | 'zone' | 'classification' | 'verifiers'>

const folderOption = { flags: '--folder <dir>', text: { id: 'folder surat (inbox, outbox, ...)', en: 'folder of letters (inbox, outbox, ...)' }, required: true } as const
const officeOption = { flags: '--office <json>', text: { id: 'data kantor: offices, letterhead, signatory, zone', en: 'data of the office: offices, letterhead, signatory, zone' }, required: true } as const
const anchorsOption = { flags: '--anchors <pem>', text: { id: 'sertifikat jangkar kepercayaan', en: 'trusted anchor certificates' }, many: true } as const

/** `cabut srikandi import FILE...`: reads letters for a person to confirm, and hands confirmed ones to the inbox. */
export const srikandiImport: CommandSpec = {
  usage: 'srikandi import <file...>',
  summary: { id: 'periksa surat (PDF, JSON, CSV) dan masukkan yang sudah dipastikan ke inbox', en: 'examine letters (PDF, JSON, CSV) and put confirmed ones into the inbox' },
  options: [
    folderOption, officeOption, anchorsOption,
    { flags: '--row <json>', text: { id: 'isian surat yang sudah dipastikan petugas, untuk satu PDF', en: 'the row an officer has confirmed, for one PDF' } },
    { flags: '--online', text: { id: 'ambil CRL dan OCSP penanda tangan', en: "fetch the signer's CRL and OCSP" } },
  ],
  async run(console, files, options) {
    const { offices } = await readOffice(options)
    const signatures = await signatureOptions(options)
    const folder = text(options, 'folder')
    await createFolderTransport({ folder })
    const row = options['row'] === undefined ? undefined : { bytes: await readInput(text(options, 'row')), name: 'row.json' }
    if (row !== undefined && files.length !== 1) throw new InputError({ id: '--row berlaku untuk satu PDF', en: '--row goes with one PDF' })
    const results: object[] = []
    let code: ExitCode = exitCodes.good
    for (const file of files) {
      const bytes = await readInput(file)
      if (!/\.pdf$/i.test(file)) {
        for (const one of readExport(bytes, basename(file)).rows) readRow(one, { offices })
        await hand(folder, basename(file), bytes)
        results.push({ file: basename(file), imported: true })
        console.line(`${basename(file)}: ${console.say({ id: 'masuk inbox', en: 'in the inbox' })}`)
        continue
      }
      const confirmed = row === undefined ? undefined : readExport(row.bytes, row.name).rows[0]
      const letter = confirmed === undefined ? undefined : readRow(confirmed, { offices })
      if (letter !== undefined && readDetails(letter.unknown).length === 0) throw new CabutError('letterDetailsMissing', { at: 'permohonan' })
      const examination = await examineLetter(bytes, { offices, ...(letter === undefined ? {} : { stated: stated(letter, offices) }), ...(signatures === undefined ? {} : { signatures }) })
      show(console, basename(file), examination)
      if (row !== undefined) {
        // The PDF first: a row alone would be taken as news of a known letter.
        await hand(folder, basename(file), bytes)
        await hand(folder, basename(file).replace(/\.pdf$/i, '.json'), row.bytes)
      }
      if (examination.findings.some(({ level }) => level === 'alarm')) code = exitCodes.letterDoubtful
      const { reading, findings } = examination
      results.push({ file: basename(file), imported: row !== undefined, findings, ...(row !== undefined || reading === undefined ? {} : { reading, proposal: propose(reading) }) })
      console.line(row === undefined
        ? console.say({ id: 'BELUM diimpor: pastikan isiannya, lalu ulangi dengan --row', en: 'NOT imported: confirm the row, then repeat with --row' })
        : console.say({ id: 'masuk inbox', en: 'in the inbox' }))
    }
    console.document(results)
    return code
  },
}

/** `cabut srikandi inbox`: what lies in the folder, and why letters were put aside. */
export const srikandiInbox: CommandSpec = {
  usage: 'srikandi inbox',
  summary: { id: 'tampilkan isi folder surat dan alasan surat disisihkan', en: 'show what lies in the folder of letters and why letters were put aside' },
  options: [folderOption],
  async run(console, _args, options) {
    const overview = await overviewFolder(text(options, 'folder'))
    console.document(overview)
    const { inbox, unattended, claimed, done, rejected, outbox, sent } = overview
    for (const { name, nomor, letters, code } of inbox) console.line(`${console.say({ id: 'masuk', en: 'inbox' })}     ${name}  ${nomor ?? (code === undefined ? `${letters} ${console.say({ id: 'surat', en: 'letters' })}` : `[${code}]`)}`)
    for (const name of unattended) console.line(`${console.say({ id: 'tanpa baris', en: 'no row' })}  ${name}`)
    for (const { name, code, id, en, at } of rejected) console.line(`${console.say({ id: 'disisihkan', en: 'rejected' })}  ${name}: ${console.say({ id, en })} [${code}]${at === undefined ? '' : ` (${at})`}`)
    for (const name of outbox) console.line(`${console.say({ id: 'keluar', en: 'outbox' })}    ${name}`)
    console.line(console.say({ id: `diproses ${claimed}, selesai ${done}, terkirim ${sent}`, en: `under way ${claimed}, done ${done}, sent ${sent}` }))
    return exitCodes.good
  },
}

/** `cabut srikandi answer RECEIPT...`: writes the answer letter from verified receipts into the outbox, once. */
export const srikandiAnswer: CommandSpec = {
  usage: 'srikandi answer <receipt...>',
  summary: { id: 'tulis surat jawaban dari bukti pencabutan (folder atau zip)', en: 'write the answer letter from receipts (folders or zip files)' },
  options: [folderOption, officeOption, { ...anchorsOption, required: true }, { flags: '--row <json>', text: { id: 'baris surat yang dijawab', en: 'the row of the letter that is answered' }, required: true }],
  async run(console, paths, options) {
    const office = await readOffice(options)
    const [anchor, ...others] = await readCertificates(list(options, 'anchors'))
    if (anchor === undefined) throw new InputError({ id: 'jangkar kepercayaan kosong', en: 'no trusted anchor was given' })
    const [first, ...more] = await Promise.all(paths.map(async (path) => (/\.zip$/i.test(path) ? unzipReceipt(await readInput(path)) : readFolder(path))))
    if (first === undefined) throw new InputError({ id: 'bukti tidak ada', en: 'no receipt was given' })
    const row = readExport(await readInput(text(options, 'row')), 'row.json').rows[0]
    try {
      const { key, content, sent } = await answerReceipts({
        ...office, zone: office.zone ?? 'WIB', row, receipts: [first, ...more], anchors: [anchor, ...others], transport: await createFolderTransport({ folder: text(options, 'folder') }), forms: [createDocxForm()],
      })
      console.document({ key, repeated: sent.repeated, state: sent.state, serials: content.rows.map(({ serial }) => serial), receiptsSha256: content.receiptsSha256 })
      console.line(`outbox/${key}: ${sent.repeated ? console.say({ id: 'sudah ada, tidak ditulis lagi', en: 'there already, not written again' }) : console.say({ id: 'surat jawaban siap didaftarkan', en: 'answer letter ready to be registered' })}`)
      return exitCodes.good
    } catch (error) {
      if (!(error instanceof CabutError) || error.code !== 'receiptInvalid') throw error
      console.document({ error: error.toJSON() })
      console.line(`${console.say(error.row)} (${paths[Number(/\d+/.exec(error.at ?? '')?.[0] ?? 0)] ?? ''})`)
      return exitCodes.receiptInvalid
    }
  },
}

function stated(letter: IncomingLetter, offices: OfficeDirectory): NonNullable<Parameters<typeof examineLetter>[1]>['stated'] & object {
  return { number: letter.nomor.text, date: letter.tanggal, office: findOffice(offices, [letter.pengirim.unit]) }
}

function propose(reading: LetterReading): object {
  const { number, date, subject, sender, signatory, table } = reading
  return {
    nomor: number?.text, tanggal: date?.text, hal: subject?.text, unit_pengirim: sender?.value?.code ?? sender?.text, nama_pengirim: signatory?.value.name, jabatan_pengirim: signatory?.value.authority.position,
    permohonan: { alasan: '', ...(table === undefined ? {} : { pemegang: proposeHolders(reading) }) },
  }
}

function show(console: Console, file: string, { reading, findings }: LetterExamination): void {
  console.line(file)
  const fact = (label: string, read: ReadFact<unknown> | undefined, more = ''): void => {
    if (read === undefined) console.line(`  ${label.padEnd(14)} ${console.say({ id: 'tidak ditemukan', en: 'not found' })}`)
    else console.line(`  ${label.padEnd(14)} ${read.text}${more}  (${console.say(confidences[read.confidence])}; ${console.say({ id: 'halaman', en: 'page' })} ${read.place.page} ${console.say({ id: 'baris', en: 'line' })} ${read.place.line})`)
  }
  if (reading !== undefined) {
    fact(console.say({ id: 'Nomor', en: 'Number' }), reading.number)
    fact(console.say({ id: 'Tanggal', en: 'Date' }), reading.date)
    fact('Hal', reading.subject)
    fact(console.say({ id: 'Pengirim', en: 'Sender' }), reading.sender)
    fact(console.say({ id: 'Penanda tangan', en: 'Signatory' }), reading.signatory)
    if (reading.table !== undefined) console.line(`  ${console.say({ id: 'Pemegang', en: 'Holders' }).padEnd(14)} ${reading.table.rows.length}`)
  }
  for (const { level, at, code, ...words } of findings) console.line(`  ${level === 'alarm' ? '!!' : level === 'warning' ? ' !' : '  '} ${console.say(words)} [${code}]${at === undefined ? '' : ` (${at})`}`)
}

const confidences = { high: { id: 'yakin', en: 'sure' }, medium: { id: 'perlu dilihat', en: 'to be looked at' }, low: { id: 'ragu', en: 'doubtful' } } as const

async function signatureOptions(options: Options): Promise<SignatureOptions | undefined> {
  const [anchor, ...others] = await readCertificates(list(options, 'anchors'))
  return anchor === undefined ? undefined : { anchors: [anchor, ...others], fetch: options['online'] === true ? createEvidenceFetcher() : false }
}

async function readOffice(options: Options): Promise<OfficeFile> {
  const path = text(options, 'office')
  try {
    const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await readInput(path))) as OfficeFile
    checkOffices(value.offices)
    return value
  } catch (error) {
    if (error instanceof InputError) throw error
    throw new InputError({ id: `${path}: bukan data kantor`, en: `${path}: not the data of an office` }, { cause: error })
  }
}

/** Writes a file beside its place, flushed, then names it: nobody takes half a letter. An existing file is never overwritten. */
async function hand(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const target = join(folder, 'inbox', name)
  if (dirname(target) !== join(folder, 'inbox') || name.startsWith('.')) throw new CabutError('letterNameUnsafe', { at: 'name' })
  const known = await open(target, 'r').catch(() => undefined)
  if (known !== undefined) {
    const same = Buffer.from(bytes).equals(await known.readFile())
    await known.close()
    if (same) return
    throw new InputError({ id: `inbox/${name} sudah ada dengan isi lain`, en: `inbox/${name} exists with other content` })
  }
  const draft = join(folder, 'inbox', `.${name}.${process.pid}`)
  const file = await open(draft, 'w')
  await file.writeFile(bytes)
  await file.sync()
  await file.close()
  await rename(draft, target)
}

function text(options: Options, name: string): string {
  return String(options[name])
}

function list(options: Options, name: string): readonly string[] {
  return Array.isArray(options[name]) ? options[name].filter((item): item is string => typeof item === 'string') : []
}
