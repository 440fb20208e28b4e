import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { checkpointText, readCheckpoints } from '../checkpoint/checkpoint-file.js'
import { readStamps, sayStamps } from '../checkpoint/stamps.js'
import { exitCodes } from '../exit-codes.js'
import { InputError, readCertificates } from '../input.js'
import { privacyFrom, privacyOptions } from '../privacy-key.js'
import type { CommandSpec } from '../program.js'
import { locationOptions, openLocation } from '../store-location.js'
import { many } from './desk/run.js'

/** `cabut audit verify`: recomputes every chain, state, evidence and the register; names what does not hold. */
export const auditVerify: CommandSpec = {
  usage: 'audit verify',
  summary: { id: 'hitung ulang seluruh rantai, keadaan, bukti, dan register; sebutkan yang berubah', en: 'recompute every chain, state, evidence and the register; name what was changed' },
  options: [
    ...locationOptions, ...privacyOptions, { flags: '--checkpoint <path>', text: { id: 'titik periksa yang disimpan di luar basis data: berkas atau folder', en: 'checkpoints kept outside the database: files or folders' }, many: true },
    { flags: '--timestamp-anchors <pem>', text: { id: 'jangkar penanda waktu di samping titik periksa', en: 'anchors of the timestamps beside the checkpoints' }, many: true },
    { flags: '--threads <n>', text: { id: 'jumlah utas penghitung (bawaan: sebanyak prosesor)', en: 'threads that recompute (default: one for each processor)' } },
  ],
  async run(console, _args, options) {
    const paths = many(options, 'checkpoint')
    const files = (await Promise.all(paths.map(readCheckpoints))).flat()
    const checkpoints = files.map(({ checkpoint }) => checkpoint)
    const stamps = await readStamps(files, await readCertificates(many(options, 'timestampAnchors')))
    const { auditFaults, verifyAudit } = await import('@cabut/postgres/audit')
    const privacy = await privacyFrom(options)
    const threads = readCount(options['threads'], '--threads', 0)
    const database = await openLocation(options)
    try {
      const vault = privacy === undefined ? undefined : await (await import('@cabut/postgres')).openVault(database, privacy)
      const report = await verifyAudit(database, {
        checkpoints, ...(vault === undefined ? {} : { vault }), ...(threads === undefined ? {} : { threads }),
        onProgress: (events) => { if (process.stderr.isTTY) process.stderr.write(`\r${events}`) },
      })
      if (process.stderr.isTTY) process.stderr.write('\r')
      const isValid = report.valid && stamps.every(({ sound }) => sound)
      console.document({ ...report, valid: isValid, ...(files.length === 0 ? {} : { checkpoints: files.length, timestamps: stamps }) })
      console.line(console.say({
        id: `${report.cases} berkas, ${report.events} peristiwa, ${report.evidence} bukti, ${report.register} baris register; ${report.unregistered} berkas belum tercatat di register, ${report.erased} nilai pribadi telah dihapus`,
        en: `${report.cases} cases, ${report.events} events, ${report.evidence} pieces of evidence, ${report.register} lines of register; ${report.unregistered} cases not yet in the register, ${report.erased} personal values erased`,
      }))
      if (report.sealed > 0) {
        console.line(console.say({
          id: `${report.sealed} nilai pribadi tersegel tidak diperiksa (kuncinya tidak diberikan)`, en: `${report.sealed} sealed personal values were not checked (their key was not given)`,
        }))
      }
      for (const finding of report.findings) {
        const place = [finding.caseId, finding.seq].filter((part) => part !== undefined).join(' #')
        console.line(`  ${place === '' ? '' : `${place}: `}${console.say(auditFaults[finding.code])} [${finding.code}] (${finding.detail})`)
      }
      sayStamps(console, files.length, stamps)
      console.line(isValid ? console.say({ id: 'UTUH', en: 'INTACT' }) : console.say({ id: 'TIDAK UTUH', en: 'NOT INTACT' }))
      return isValid ? exitCodes.good : exitCodes.auditBroken
    } finally {
      await database.close()
    }
  },
}

/** `cabut audit checkpoint`: extends the register and writes its end to a file that leaves the database. */
export const auditCheckpoint: CommandSpec = {
  usage: 'audit checkpoint <file>',
  summary: { id: 'catat semua berkas di register dan tulis ujungnya ke berkas', en: 'enter every case in the register and write its end to a file' },
  options: [...locationOptions],
  async run(console, [file = ''], options) {
    const { takeCheckpoint } = await import('@cabut/postgres/audit')
    const database = await openLocation(options)
    try {
      const checkpoint = await takeCheckpoint(database, new Date())
      await writeFile(file, checkpointText(checkpoint), { flag: 'wx' }).catch((error: unknown) => {
        throw new InputError({ id: `${file}: tidak dapat ditulis (sudah ada?)`, en: `${file}: cannot be written (does it exist?)` }, { cause: error })
      })
      console.document(checkpoint)
      console.line(`${file}: ${checkpoint.year}/${checkpoint.n} ${checkpoint.digest ?? '-'}`)
      return exitCodes.good
    } finally {
      await database.close()
    }
  },
}

/** `cabut audit sample`: draws whole dossiers for an inspector; the same seed draws the same ones. */
export const auditSample: CommandSpec = {
  usage: 'audit sample <folder>',
  summary: { id: 'undi berkas lengkap untuk pemeriksa; benih yang sama memberi berkas yang sama', en: 'draw whole dossiers for an inspector; the same seed draws the same ones' },
  options: [
    ...locationOptions, ...privacyOptions, { flags: '--n <count>', text: { id: 'banyaknya berkas (bawaan 30)', en: 'how many (default 30)' } },
    { flags: '--seed <text>', text: { id: 'benih undian, dari pemeriksa', en: 'seed of the draw, named by the inspector' }, required: true },
    { flags: '--without-personal', text: { id: 'tanpa nilai pribadi dan tanpa surat', en: 'without personal values and letters' } },
  ],
  async run(console, [folder = ''], options) {
    const { drawSample, writeDossier } = await import('@cabut/postgres/audit')
    const { createSqlStore } = await import('@cabut/postgres')
    const privacy = await privacyFrom(options)
    const count = readCount(options['n'], '--n', 1) ?? 30
    const seed = typeof options['seed'] === 'string' ? options['seed'] : ''
    const database = await openLocation(options)
    try {
      const store = await createSqlStore(database, { closeDatabase: false, ...(privacy === undefined ? {} : { privacy }) })
      const ids = await drawSample(database, count, seed)
      for (const id of ids) {
        const dossier = await writeDossier(store, id, { personal: options['withoutPersonal'] !== true })
        for (const [path, bytes] of dossier ?? []) {
          const target = join(folder, id, path)
          await mkdir(dirname(target), { recursive: true, mode: 0o700 })
          await writeFile(target, bytes, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
            throw new InputError({ id: `${target}: tidak dapat ditulis (sudah ada?)`, en: `${target}: cannot be written (does it exist?)` }, { cause: error })
          })
        }
        console.line(id)
      }
      console.document({ seed, asked: count, drawn: ids })
      return exitCodes.good
    } finally {
      await database.close()
    }
  },
}

function readCount(value: unknown, name: string, least: number): number | undefined {
  if (value === undefined) return undefined
  const count = Number(value)
  if (Number.isInteger(count) && count >= least && count <= 1_000_000) return count
  throw new InputError({ id: `${name}: bukan bilangan bulat`, en: `${name}: not a whole number` })
}

/** `cabut audit ...` */
export const auditCommands: readonly CommandSpec[] = [auditVerify, auditCheckpoint, auditSample]
