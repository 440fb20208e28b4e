import { createInterface } from 'node:readline/promises'
import { createReadStream } from 'node:fs'
import { formatName, readCrl, verifyCrl, type Crl } from '@cabut/pki'
import { csvLine, readRows, reconcileWithCrl, recordDone, worklist, type CrlDiscrepancy, type WorkItem } from '@cabut/sdk/bulk'
import { readSerial } from '@cabut/sdk'
import type { Console } from '../../console.js'
import { exitCodes } from '../../exit-codes.js'
import { InputError, readCertificates, readInput } from '../../input.js'
import type { Text } from '../../language.js'
import type { CommandSpec } from '../../program.js'
import { deskOptions } from '../desk/open.js'
import { personOptions } from '../desk/person.js'
import { maybe, must, sit } from '../desk/run.js'
import { noteAccess } from '../desk/view.js'
import { findJob, openList, writeWhole, type Job } from './job.js'

/** `cabut bulk worklist FILE`: one certificate after the other, to be revoked in the AMS page by hand. */
export const bulkWorklist: CommandSpec = {
  usage: 'bulk worklist <list>',
  summary: { id: 'kerjakan daftar dengan tangan di AMS, satu per satu; dapat dihentikan dan dilanjutkan', en: 'work through a list by hand in AMS, one by one; can be stopped and taken up again' },
  options: [{ flags: '--out <file>', text: { id: 'tulis sisa daftar kerja ke CSV, jangan bertanya', en: 'write what is left to a CSV file, ask nothing' } }, ...deskOptions, ...personOptions],
  run: (console, [path = ''], options) => sit(console, options, async ({ office: { desk, folder, configuration }, person }) => {
    const job = await jobOf(folder, path)
    const { sha256 } = job.settings
    await noteAccess(folder, person.id, `list ${sha256.slice(0, 24)}`, ['username', 'subjectDn'], 'bulk worklist')
    const { reasons, reasonLabels } = configuration.ams
    const profile = { ...(reasons === undefined ? {} : { reasons }), ...(reasonLabels === undefined ? {} : { reasonLabels }) }
    const items = worklist(job.plan(), { desk, sha256, profile })
    const out = maybe(options, 'out')
    if (out !== undefined || console.json) {
      let rows = 0
      const lines = async function* (): AsyncGenerator<string> {
        yield `\uFEFF${csvLine(['baris', 'permohonan', 'username', 'subject_dn', 'nomor_seri', 'nomor_seri_desimal', 'penerbit', 'alasan'])}`
        for await (const { row, requestId, username, subjectDn, serial, serialDecimal, issuerDn, reasonLabel } of items) {
          rows += 1
          yield csvLine([row, requestId, username, subjectDn, `0x${serial}`, `'${serialDecimal}`, issuerDn, reasonLabel])
        }
      }
      if (out === undefined) for await (const _ of lines()) { /* counted */ }
      else await writeWhole(out, lines())
      console.document({ left: rows, ...(out === undefined ? {} : { out }) })
      console.line(console.say({ id: `${rows} baris belum dimasukkan`, en: `${rows} rows are not entered yet` }))
      return exitCodes.good
    }
    const terminal = createInterface({ input: process.stdin, output: process.stdout })
    let done = 0
    try {
      const question = console.say({ id: 'Sudah dimasukkan? [Enter] ya, nomor catatan AMS, l lewati, q berhenti: ', en: 'Entered? [Enter] yes, the number of the AMS record, s skip, q quit: ' })
      for await (const item of items) {
        show(console, item)
        const answer = (await terminal.question(question).catch(() => 'q')).trim()
        if (answer === 'q') break
        if (answer === 'l' || answer === 's') continue
        await recordDone(desk, item, { as: person.actorFor('recordAmsAnswer', (await desk.get(item.requestId)).allowed), ...(answer === '' ? {} : { reference: answer }) })
        done += 1
      }
    } finally {
      terminal.close()
    }
    console.line(console.say({ id: `${done} baris dicatat. Cocokkan dengan CRL berikutnya: cabut bulk reconcile`, en: `${done} rows recorded. Compare with the next CRL: cabut bulk reconcile` }))
    return exitCodes.good
  }),
}

const kinds: Readonly<Record<CrlDiscrepancy['kind'], Text>> = {
  notListed: { id: 'dicatat sudah dimasukkan, tetapi tidak ada di CRL', en: 'recorded as entered, but not on the CRL' },
  notEntered: { id: 'belum dimasukkan ke AMS', en: 'not entered in AMS' },
  wrongCertificate: { id: 'SALAH SERTIFIKAT: dicabut tanpa permohonan', en: 'WRONG CERTIFICATE: revoked without a request' },
  unexplained: { id: 'dicabut tanpa permohonan di meja ini; mungkin milik instansi lain', en: 'revoked without a request at this desk; perhaps another agency\'s' },
}

/** `cabut bulk reconcile FILE --crl FILE`: rows skipped and wrong certificates revoked, by the next CRL; exit code 34 when there are any. */
export const bulkReconcile: CommandSpec = {
  usage: 'bulk reconcile <list>',
  summary: { id: 'cocokkan pekerjaan tangan dengan CRL berikutnya (kode keluar 34 bila ada yang terlewat atau salah)', en: 'compare work done by hand with the next CRL (exit code 34 when something was skipped or wrong)' },
  options: [
    { flags: '--crl <file>', text: { id: 'CRL sesudah pekerjaan', en: 'CRL after the work' }, required: true }, { flags: '--before <file>', text: { id: 'CRL sebelum pekerjaan', en: 'CRL before the work' } },
    { flags: '--since <time>', text: { id: 'tanpa --before: anggap baru yang dicabut sejak waktu ini', en: 'without --before: revoked since this time counts as new' } },
    { flags: '--issuer <pem>', text: { id: 'sertifikat penerbit CRL', en: "certificate of the CRL's issuer" }, required: true },
    { flags: '--inventory <list>', text: { id: 'daftar sertifikat instansi ini (kolom nomor_seri)', en: "list of this agency's certificates (column serial)" } }, ...deskOptions, ...personOptions,
  ],
  run: (console, [path = ''], options) => sit(console, options, async ({ office: { desk, folder } }) => {
    const job = await jobOf(folder, path)
    const [issuer] = await readCertificates([must(options, 'issuer')])
    if (issuer === undefined) throw new InputError({ id: '--issuer: tidak ada sertifikat', en: '--issuer: no certificate' })
    const read = async (file: string): Promise<Crl> => {
      const crl = readCrl(await readInput(file))
      if (await verifyCrl(crl, issuer) !== 'valid') throw new InputError({ id: `${file}: tanda tangan CRL tidak sah untuk penerbit itu`, en: `${file}: the CRL is not signed by that issuer` })
      return crl
    }
    const [before, since] = [maybe(options, 'before'), maybe(options, 'since')]
    const inventory = maybe(options, 'inventory')
    const own = inventory === undefined ? undefined : await serialsOf(inventory)
    const found: CrlDiscrepancy[] = []
    for await (const one of reconcileWithCrl(job.plan(), {
      desk, sha256: job.settings.sha256, issuerDn: formatName(issuer.subject), after: await read(must(options, 'crl')), ...(before === undefined ? {} : { before: await read(before) }),
      ...(since === undefined ? {} : { since: new Date(since) }), ...(own === undefined ? {} : { isOwn: (serial) => own.has(serial) }),
    })) {
      found.push(one)
      console.line(`${'row' in one ? `${console.say({ id: 'baris', en: 'row' })} ${one.row}  ` : ''}${one.serial}  ${console.say(kinds[one.kind])}${'revokedAt' in one ? `  ${one.revokedAt}` : ''}`)
    }
    console.document({ discrepancies: found })
    console.line(console.say({ id: `${found.length} ketidaksesuaian`, en: `${found.length} discrepancies` }))
    return found.length === 0 ? exitCodes.good : exitCodes.attention
  }),
}

async function jobOf(folder: string, path: string): Promise<Job> {
  const job = await findJob(folder, (await openList(path)).sha256)
  if (job === undefined) throw new InputError({ id: `${path}: daftar ini belum pernah dijalankan di meja ini (cabut bulk run)`, en: `${path}: this list was never run at this desk (cabut bulk run)` })
  return job
}

async function serialsOf(path: string): Promise<ReadonlySet<string>> {
  const serials = new Set<string>()
  for await (const { fields: { serial, serialDecimal } } of readRows(createReadStream(path))) {
    const read = serialDecimal !== undefined ? readSerial({ decimal: serialDecimal }, 'serial') : serial !== undefined ? readSerial(serial, 'serial') : undefined
    if (read?.serial !== undefined) serials.add(read.serial)
  }
  return serials
}

function show(console: Console, { row, username, subjectDn, serial, serialDecimal, issuerDn, reasonLabel }: WorkItem): void {
  console.line()
  console.line(`${console.say({ id: 'Baris', en: 'Row' })} ${row}`)
  console.line(`  username     ${username ?? '-'}`)
  console.line(`  Subject DN   ${subjectDn ?? '-'}`)
  console.line(`  ${console.say({ id: 'nomor seri', en: 'serial' }).padEnd(12)} ${serial}`)
  console.line(`  ${''.padEnd(12)} ${serialDecimal}`)
  console.line(`  ${console.say({ id: 'penerbit', en: 'issuer' }).padEnd(12)} ${issuerDn}`)
  console.line(`  ${console.say({ id: 'alasan', en: 'reason' }).padEnd(12)} ${reasonLabel}`)
}
