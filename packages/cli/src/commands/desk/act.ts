import type { Actor, By, Desk, RequestView } from '@cabut/sdk'
import type { CommandName, Findings, NoticeSubject } from '@cabut/sdk/workflow'
import type { Text } from '../../language.js'
import { InputError, readInput } from '../../input.js'
import type { CommandSpec } from '../../program.js'
import { letterText, readLetter } from './letters.js'
import { deskOptions } from './open.js'
import { personOptions, rosterActor } from './person.js'
import { ifVersion, many, maybe, must, oneOf, sit, told, type Sitting } from './run.js'

type Options = Readonly<Record<string, unknown>>
type Option = NonNullable<CommandSpec['options']>[number]

/** One act on a request: its words, its own options, and the call of the desk. */
interface Act {
  readonly word: string
  readonly command: CommandName
  readonly summary: Text
  readonly options?: readonly Option[]
  readonly run: (desk: Desk, id: string, by: By, options: Options, sitting: Sitting) => Promise<RequestView>
}

const note: Option = { flags: '--note <text>', text: { id: 'catatan', en: 'note' } }
const reasons: Option = { flags: '--reason <text>', text: { id: 'alasan (boleh berulang)', en: 'reason (may be repeated)' }, many: true, required: true }
const to: Option = { flags: '--to <id>', text: { id: 'petugas penerima disposisi', en: 'officer it is disposed to' }, required: true }
const letter: Option = { flags: '--letter <letter>', text: letterText, required: true }
const findings: readonly Option[] = [
  { flags: '--data <match|mismatch>', text: { id: 'data pemohon', en: 'data of the applicant' } },
  { flags: '--completeness <complete|incomplete>', text: { id: 'kelengkapan surat', en: 'completeness of the letters' } },
  { flags: '--subject-dn <match|mismatch|unchecked>', text: { id: 'kecocokan Subject DN', en: 'whether the Subject DN matches' } },
]

/** All three findings, or none. What was not looked at cannot be a finding. */
export function readFindings(options: Options): Findings | undefined {
  const data = oneOf(maybe(options, 'data'), ['match', 'mismatch'], '--data')
  const completeness = oneOf(maybe(options, 'completeness'), ['complete', 'incomplete'], '--completeness')
  const subjectDn = oneOf(maybe(options, 'subjectDn'), ['match', 'mismatch', 'unchecked'], '--subject-dn')
  if (data === undefined && completeness === undefined && subjectDn === undefined) return undefined
  if (data === undefined || completeness === undefined || subjectDn === undefined) {
    throw new InputError({ id: 'hasil pemeriksaan: sebutkan --data, --completeness, dan --subject-dn', en: 'findings: name --data, --completeness and --subject-dn' })
  }
  return { data, completeness, subjectDn }
}

const noted = (options: Options): { readonly note?: string } => {
  const text = maybe(options, 'note')
  return text === undefined ? {} : { note: text }
}

/** Everything a person may do with a request at this desk, one row each. */
const acts: readonly Act[] = [
  {
    word: 'amend', command: 'amend', summary: { id: 'ubah permohonan (hasil pemeriksaan dan persetujuan gugur)', en: 'change the request (findings and approval are void)' },
    options: [
      { flags: '--reason <code>', text: { id: 'alasan pencabutan', en: 'reason of the revocation' } }, { flags: '--effective-date <date>', text: { id: 'TMT (YYYY-MM-DD), atau "tidak" untuk menghapus', en: 'effective date (YYYY-MM-DD), or "none"' } },
      { flags: '--invalidity-date <date>', text: { id: 'tidak dipercaya sejak (YYYY-MM-DD), atau "tidak"', en: 'not trusted since (YYYY-MM-DD), or "none"' } }, note,
    ],
    run: (desk, id, by, options) => desk.amend(id, { ...by, ...given(options, 'reason'), ...dated(options, 'effectiveDate'), ...dated(options, 'invalidityDate'), ...noted(options) }),
  },
  { word: 'attach', command: 'attach', summary: { id: 'lampirkan surat', en: 'attach a letter' }, options: [letter], run: async (desk, id, by, options) => desk.attach(id, { ...by, letter: await readLetter(must(options, 'letter')) }) },
  { word: 'submit', command: 'submit', summary: { id: 'ajukan', en: 'submit' }, run: (desk, id, by) => desk.submit(id, by) },
  { word: 'receive', command: 'receive', summary: { id: 'terima dan baca', en: 'receive and read' }, run: (desk, id, by) => desk.receive(id, by) },
  { word: 'dispose', command: 'dispose', summary: { id: 'disposisikan', en: 'dispose' }, options: [to, note], run: (desk, id, by, options, sitting) => desk.dispose(id, { ...by, to: assignee(options, sitting), ...noted(options) }) },
  { word: 'redispose', command: 'redispose', summary: { id: 'disposisikan ulang', en: 'dispose again' }, options: [to, note], run: (desk, id, by, options, sitting) => desk.redispose(id, { ...by, to: assignee(options, sitting), ...noted(options) }) },
  { word: 'cancel-disposition', command: 'cancelDisposition', summary: { id: 'batalkan disposisi yang belum dibaca', en: 'cancel an unread disposition' }, run: (desk, id, by) => desk.cancelDisposition(id, by) },
  {
    word: 'verify', command: 'verify', summary: { id: 'catat hasil pemeriksaan', en: 'record findings' }, options: findings,
    run(desk, id, by, options) {
      const found = readFindings(options)
      if (found === undefined) throw new InputError({ id: 'sebutkan --data, --completeness, dan --subject-dn', en: 'name --data, --completeness and --subject-dn' })
      return desk.verify(id, { ...by, findings: found })
    },
  },
  { word: 'return', command: 'return', summary: { id: 'kembalikan untuk perbaikan', en: 'return for correction' }, options: [reasons], run: (desk, id, by, options) => desk.return(id, { ...by, reasons: many(options, 'reason') }) },
  {
    word: 'approve', command: 'approve', summary: { id: 'setujui', en: 'approve' },
    options: [...findings, { flags: '--emergency', text: { id: 'tindakan darurat seorang diri; harus disahkan atasan', en: 'emergency act alone; must be ratified by the superior' } }],
    run(desk, id, by, options) {
      const found = readFindings(options)
      return desk.approve(id, { ...by, ...(found === undefined ? {} : { findings: found }), ...(options['emergency'] === true ? { emergency: true } : {}) })
    },
  },
  { word: 'reject', command: 'reject', summary: { id: 'tolak', en: 'reject' }, options: [reasons], run: (desk, id, by, options) => desk.reject(id, { ...by, reasons: many(options, 'reason') }) },
  { word: 'withdraw', command: 'withdraw', summary: { id: 'tarik permohonan', en: 'withdraw' }, options: [note], run: (desk, id, by, options) => desk.withdraw(id, { ...by, ...noted(options) }) },
  { word: 'expedite', command: 'expedite', summary: { id: 'percepat (kunci bocor)', en: 'expedite (key compromise)' }, run: (desk, id, by) => desk.expedite(id, by) },
  { word: 'execute', command: 'execute', summary: { id: 'laksanakan sekarang', en: 'execute now' }, run: (desk, id, by) => desk.execute(id, by) },
  {
    word: 'ratify', command: 'ratify', summary: { id: 'sahkan tindakan darurat, atau tidak', en: 'ratify an emergency act, or not' }, options: [{ flags: '--decision <ratified|refused>', text: { id: 'keputusan', en: 'decision' }, required: true }, note],
    run: (desk, id, by, options) => desk.ratify(id, { ...by, decision: oneOf(must(options, 'decision'), ['ratified', 'refused'], '--decision') ?? 'refused', ...noted(options) }),
  },
  {
    word: 'record-ams', command: 'recordAmsAnswer', summary: { id: 'catat yang dilakukan atau terlihat di AMS', en: 'record what was done or seen in AMS' },
    options: [
      { flags: '--record <number>', text: { id: 'nomor catatan di AMS', en: 'number of the record in AMS' }, required: true },
      { flags: '--status <word>', text: { id: 'waitingVerification, waitingBsre, revoked, returned, refused', en: 'waitingVerification, waitingBsre, revoked, returned, refused' }, required: true },
      { flags: '--revoked-at <time>', text: { id: 'waktu dicabut menurut AMS (ISO 8601)', en: 'when AMS says it was revoked (ISO 8601)' } },
    ],
    run(desk, id, by, options) {
      const status = oneOf(must(options, 'status'), ['waitingVerification', 'waitingBsre', 'revoked', 'returned', 'refused'], '--status') ?? 'waitingBsre'
      const revokedAt = maybe(options, 'revokedAt')
      if (revokedAt !== undefined && Number.isNaN(Date.parse(revokedAt))) throw new InputError({ id: '--revoked-at: bukan waktu', en: '--revoked-at: not a time' })
      return desk.recordAms(id, { ...by, record: { id: must(options, 'record'), status, rawStatus: 'dicatat petugas', ...(revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt).toISOString() }) } })
    },
  },
  { word: 'park', command: 'park', summary: { id: 'tunda untuk diperiksa di AMS', en: 'park, to look in AMS' }, options: [note], run: (desk, id, by, options) => desk.park(id, { ...by, ...(maybe(options, 'note') === undefined ? {} : { detail: must(options, 'note') }) }) },
  {
    word: 'resume', command: 'resume', summary: { id: 'akhiri penundaan: yang ditemukan di AMS', en: 'end the parking: what was found in AMS' },
    options: [{ flags: '--found <record|nothing>', text: { id: 'ada catatan, atau tidak ada', en: 'a record, or nothing' }, required: true }, { flags: '--record <number>', text: { id: 'nomor catatan di AMS', en: 'number of the record in AMS' } }, note],
    run: (desk, id, by, options) => desk.resume(id, { ...by, found: oneOf(must(options, 'found'), ['record', 'nothing'], '--found') ?? 'nothing', ...(maybe(options, 'record') === undefined ? {} : { recordId: must(options, 'record') }), ...noted(options) }),
  },
  {
    word: 'resolve', command: 'resolve', summary: { id: 'selesaikan bukti yang bertentangan', en: 'resolve a contradiction' }, options: [{ flags: '--outcome <continue|fail>', text: { id: 'teruskan, atau gagal', en: 'continue, or fail' }, required: true }, note],
    run: (desk, id, by, options) => desk.resolve(id, { ...by, outcome: oneOf(must(options, 'outcome'), ['continue', 'fail'], '--outcome') ?? 'fail', ...noted(options) }),
  },
  { word: 'resume-certificate', command: 'resumeCertificate', summary: { id: 'aktifkan kembali sertifikat yang ditangguhkan', en: 'resume a suspended certificate' }, options: [note], run: (desk, id, by, options) => desk.resumeCertificate(id, { ...by, ...noted(options) }) },
  {
    word: 'notify', command: 'notify', summary: { id: 'catat bahwa pemohon atau pemilik sudah diberi tahu', en: 'record that applicant or holder was told' },
    options: [
      { flags: '--channel <name>', text: { id: 'surel, telepon, srikandi, langsung, ...', en: 'mail, phone, srikandi, in person, ...' }, required: true }, { flags: '--party <applicant|holder>', text: { id: 'siapa', en: 'who' } },
      { flags: '--subject <status>', text: { id: 'tentang keadaan apa (bawaan: sekarang)', en: 'of which status (default: the present one)' } }, { flags: '--reference <text>', text: { id: 'nomor rujukan', en: 'reference' } },
    ],
    run(desk, id, by, options) {
      const party = oneOf(maybe(options, 'party'), ['applicant', 'holder'], '--party')
      const subject = oneOf(maybe(options, 'subject'), subjects, '--subject')
      return desk.notify(id, { ...by, channel: must(options, 'channel'), ...(party === undefined ? {} : { party }), ...(subject === undefined ? {} : { subject }), ...given(options, 'reference') })
    },
  },
  { word: 'answer', command: 'answer', summary: { id: 'kirim surat jawaban', en: 'answer by letter' }, options: [letter], run: async (desk, id, by, options) => desk.answer(id, { ...by, letter: await readLetter(must(options, 'letter')) }) },
  { word: 'finish', command: 'close', summary: { id: 'tutup permohonan', en: 'close the request' }, run: (desk, id, by) => desk.finish(id, by) },
  {
    word: 'reopen', command: 'reopen', summary: { id: 'buka kembali karena pengaduan', en: 'reopen by complaint' }, options: [{ flags: '--complaint <number>', text: { id: 'nomor pengaduan', en: 'number of the complaint' }, required: true }],
    run: (desk, id, by, options) => desk.reopen(id, { ...by, complaint: must(options, 'complaint') }),
  },
  {
    word: 'examine', command: 'recordEvidence', summary: { id: 'periksa CRL atau jawaban OCSP yang diunduh sendiri', en: 'examine a CRL or OCSP answer fetched by hand' },
    options: [{ flags: '--crl <file>', text: { id: 'berkas CRL', en: 'CRL file' }, many: true }, { flags: '--ocsp <file>', text: { id: 'berkas jawaban OCSP', en: 'file of an OCSP answer' }, many: true }],
    async run(desk, id, by, options) {
      const [crls, ocsp] = [await Promise.all(many(options, 'crl').map(readInput)), await Promise.all(many(options, 'ocsp').map(readInput))]
      if (crls.length + ocsp.length === 0) throw new InputError({ id: 'sebutkan --crl atau --ocsp', en: 'name --crl or --ocsp' })
      return desk.examine(id, { ...by, ...(crls.length === 0 ? {} : { crls }), ...(ocsp.length === 0 ? {} : { ocsp }) })
    },
  },
]

const subjects: readonly NoticeSubject[] = ['submitted', 'returned', 'rejected', 'awaitingProof', 'revoked', 'suspended', 'resumed', 'failed', 'contradicted']

function assignee(options: Options, { office }: Sitting): Actor {
  return rosterActor(office.configuration, must(options, 'to'), ['verifier', 'coordinator'])
}

function given<Name extends string>(options: Options, name: Name): { readonly [Key in Name]?: string } {
  const value = maybe(options, name)
  return (value === undefined ? {} : { [name]: value }) as { readonly [Key in Name]?: string }
}

function dated<Name extends string>(options: Options, name: Name): { readonly [Key in Name]?: string | null } {
  const value = maybe(options, name)
  return (value === undefined ? {} : { [name]: /^(?:tidak|none)$/i.test(value) ? null : value }) as { readonly [Key in Name]?: string | null }
}

/** Options of every act. */
export const actOptions: readonly Option[] = [
  ...deskOptions, ...personOptions,
  { flags: '--if-version <number>', text: { id: 'tolak bila permohonan sudah berubah dari versi ini', en: 'refuse when the request is no longer at this version' } },
  { flags: '--no-effects', text: { id: 'jangan menjalankan pekerjaan yang menyusul', en: 'do not run what the act calls for' } },
]

/** `cabut desk approve ID` and every other act. */
export const actCommands: readonly CommandSpec[] = acts.map(({ word, command, summary, options = [], run }): CommandSpec => ({
  usage: `desk ${word} <id>`,
  summary,
  options: [...options, ...actOptions],
  run: (console, [id = ''], given) => sit(console, given, async (sitting) => {
    const { office: { desk }, person } = sitting
    const { allowed } = await desk.get(id)
    return told(sitting, await run(desk, id, { as: person.actorFor(command, allowed), ...ifVersion(given) }, given, sitting))
  }),
}))
