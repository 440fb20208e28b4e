import { existsSync } from 'node:fs'
import { copyFile, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatName } from '@cabut/pki'
import { exitCodes } from '../../exit-codes.js'
import { InputError, readCertificates, readInput } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { checkConfiguration, configurationFile, writeConfiguration } from './configuration.js'
import { openDesk, readStandard } from './open.js'
import { many, maybe, must, oneOf } from './run.js'

/** `cabut desk init FOLDER`: makes a desk directory: one configuration file, the anchors, an empty store. */
export const deskInit: CommandSpec = {
  usage: 'desk init <folder>',
  summary: { id: 'buat meja layanan dalam sebuah direktori', en: 'make a desk in a directory' },
  options: [
    { flags: '--standard <id|file>', text: { id: 'standar pelayanan: kota-pekalongan, kabupaten-purbalingga, atau berkas', en: 'service standard: kota-pekalongan, kabupaten-purbalingga, or a file' }, required: true },
    { flags: '--anchors <pem>', text: { id: 'sertifikat jangkar kepercayaan', en: 'trusted anchor certificates' }, many: true, required: true },
    { flags: '--intermediates <pem>', text: { id: 'sertifikat CA antara', en: 'intermediate certificates' }, many: true },
    { flags: '--roster <json>', text: { id: 'daftar petugas: [{id, role, opd, login?}]', en: 'roster: [{id, role, opd, login?}]' }, required: true },
    { flags: '--ams <assisted|http>', text: { id: 'AMS: dengan tangan (bawaan) atau lewat HTTP', en: 'AMS: by hand (default) or over HTTP' } },
    { flags: '--ams-url <url>', text: { id: 'alamat AMS untuk --ams http; tidak ada bawaan', en: 'address of AMS for --ams http; there is no default' } },
    { flags: '--ams-keys', text: { id: 'AMS ini menghormati Idempotency-Key (tanyakan pengelolanya)', en: 'this AMS honours the Idempotency-Key (ask its operator)' } },
    { flags: '--esign-url <url>', text: { id: 'alamat layanan e-Sign instansi', en: "address of the agency's e-Sign service" } },
    { flags: '--crl-url <url>', text: { id: 'alamat CRL penerbit, untuk permohonan tanpa sertifikat', en: "address of the issuer's CRL, for requests without a certificate" }, many: true },
    { flags: '--offline', text: { id: 'jangan mengambil CRL dan OCSP; diserahkan dengan desk examine', en: 'fetch no CRL and OCSP; they are handed in with desk examine' } },
    { flags: '--allow-loopback', text: { id: 'izinkan alamat loopback (untuk sandbox)', en: 'allow loopback addresses (for the sandbox)' } },
    { flags: '--sandbox', text: { id: 'CA-nya CA sandbox: setiap bukti menyebutnya', en: "the authority is a sandbox's: every receipt says so" } },
    { flags: '--database <url>', text: { id: 'siapkan PostgreSQL ini (atau CABUT_DATABASE); alamatnya tidak disimpan', en: 'prepare this PostgreSQL (or CABUT_DATABASE); its address is not kept' } },
  ],
  async run(console, [folder = ''], options) {
    if (existsSync(join(folder, configurationFile))) throw new InputError({ id: `${folder}: sudah ada meja layanan di sini`, en: `${folder}: there is a desk here already` })
    const mode = oneOf(maybe(options, 'ams'), ['assisted', 'http'], '--ams') ?? 'assisted'
    const esignUrl = maybe(options, 'esignUrl')
    const named = must(options, 'standard')
    const anchors = many(options, 'anchors')
    const intermediates = many(options, 'intermediates')
    const read = await readCertificates([...anchors, ...intermediates])
    const standardFile = /\.json$/i.test(named)
    const standard = await readStandard('.', named)
    const configuration = checkConfiguration({
      format: 'cabut-desk/1', standard: standardFile ? 'standard.json' : named,
      anchors: anchors.map((_, index) => `anchor-${index + 1}.pem`), intermediates: intermediates.map((_, index) => `intermediate-${index + 1}.pem`),
      roster: await readRoster(must(options, 'roster')),
      ams: mode === 'assisted' ? { mode } : { mode, url: must(options, 'amsUrl'), ...(options['amsKeys'] === true ? { honoursIdempotencyKey: true } : {}) },
      evidence: { fetch: options['offline'] === true ? 'offline' : 'online', loopback: options['allowLoopback'] === true, crlUrls: many(options, 'crlUrl') },
      sandbox: options['sandbox'] === true,
      ...(esignUrl === undefined ? {} : { esign: { url: esignUrl } }),
    }, configurationFile)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for (const [index, path] of anchors.entries()) await copyFile(path, join(folder, `anchor-${index + 1}.pem`))
    for (const [index, path] of intermediates.entries()) await copyFile(path, join(folder, `intermediate-${index + 1}.pem`))
    if (standardFile) await copyFile(named, join(folder, 'standard.json'))
    await writeConfiguration(folder, configuration)
    // Opened once, so that a mistake shows now and not in front of the first applicant.
    const office = await openDesk({ desk: folder, ...(options['database'] === undefined ? {} : { database: options['database'] }) })
    await office.close()
    console.document({ folder, standard: { id: standard.id, version: standard.version }, people: configuration.roster.length, ams: mode, database: office.database.kind, anchors: read.map(({ subject }) => formatName(subject)) })
    console.line(`${folder}: ${console.say(standard.title)} (${standard.id} ${standard.version})`)
    console.line(console.say({ id: `AMS ${mode}, ${configuration.roster.length} orang, basis data ${office.database.kind}`, en: `AMS ${mode}, ${configuration.roster.length} people, database ${office.database.kind}` }))
    console.line(console.say({ id: `Berikutnya: cabut desk file --desk ${folder} ...`, en: `Next: cabut desk file --desk ${folder} ...` }))
    return exitCodes.good
  },
}

async function readRoster(path: string): Promise<unknown> {
  await readInput(path)
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new InputError({ id: `${path}: bukan JSON`, en: `${path}: not JSON` }, { cause: error })
  }
}
