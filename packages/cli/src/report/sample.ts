import type { Complaint } from '@cabut/sdk/complaint'
import { createComplaintDesk, createMemoryComplaintStore } from '@cabut/sdk/complaint'
import type { DatedSurveyAnswer, SurveyAnswer } from '@cabut/sdk/report'
import type { ServiceStandard } from '@cabut/sdk/standard'
import type { StoredEvent } from '@cabut/sdk/store'

/** Invented offices, officers and citizens: no name of a person appears. */
const offices = ['Dinas Pendidikan', 'Dinas Kesehatan', 'Dinas Pekerjaan Umum dan Penataan Ruang', 'Dinas Sosial', 'Dinas Perhubungan', 'Badan Kepegawaian Daerah', 'Sekretariat Daerah', 'Inspektorat', 'Dinas Kependudukan dan Pencatatan Sipil', 'Kecamatan Rekaan Utara', 'Kecamatan Rekaan Selatan', 'RSUD Rekaan', 'Dinas Lingkungan Hidup', 'Satuan Polisi Pamong Praja']
const reasons = ['mutasi', 'mutasi', 'mutasi', 'pensiun', 'pensiun', 'penerbitanUlang', 'kunciBocor', 'lainnya']
const minute = 60_000

/** What a sample report is made from. */
export interface Sample {
  readonly histories: readonly (readonly StoredEvent[])[]
  readonly complaints: readonly Complaint[]
  readonly survey: readonly (SurveyAnswer | DatedSurveyAnswer)[]
}

/**
 * Invents a desk's year: the same count, seed and period give the same requests. Their times are what offices are like, so some are late;
 * digests are not computed, which is why a sample is never written as an export.
 */
export async function inventSample(standard: ServiceStandard, count: number, seed: number, begin: number, end: number): Promise<Sample> {
  const random = randomFrom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const histories = Array.from({ length: count }, (_, index) => inventRequest(standard, `CONTOH-${String(index + 1).padStart(5, '0')}`, begin + workingInstant(end - begin, begin, below), random))
  const survey = Array.from({ length: Math.min(400, Math.ceil(count / 12)) }, () => Array.from({ length: 9 }, () => (random() < 0.08 ? 2 : random() < 0.45 ? 3 : 4)) as unknown as SurveyAnswer)
  return { histories, complaints: await inventComplaints(standard, Math.min(60, Math.ceil(count / 50)), begin, end, random), survey }
}

function inventRequest(standard: ServiceStandard, id: string, filed: number, random: () => number): readonly StoredEvent[] {
  const below = (limit: number): number => Math.floor(random() * limit)
  const events: StoredEvent[] = []
  let now = filed - (filed % minute)
  const officer = { id: `petugas-${1 + below(3)}`, role: 'verifier' }
  const filer = { id: `pemohon-${1 + below(60)}`, role: standard.filing.role }
  const system = { id: 'system', role: 'system' }
  const add = (type: string, data: object, actor: { readonly id: string; readonly role: string } = officer): void => {
    events.push({ caseId: id, seq: events.length + 1, type, actor, time: new Date(now).toISOString(), standard: { id: standard.id, version: standard.version }, data, previous: null, digest: `${id}-${events.length + 1}`, commitments: {}, salt: '', content: '' })
  }
  const wait = (most: number): void => { now += (1 + below(most)) * minute }
  const opd = offices[Math.min(below(offices.length), below(offices.length))] as string
  const reason = reasons[below(reasons.length)] as string
  const findings = { data: 'match', completeness: 'complete', subjectDn: 'match' }
  add('filed', { kind: 'revocation', reason, certificate: {}, parties: { applicant: { id: filer.id }, holder: {}, opdOrigin: opd }, letters: [], expedited: false }, filer)
  add('submitted', { to: 'submitted', register: id }, filer)
  if (standard.disposition) { wait(40); add('disposed', { to: officer.id }, { id: 'kepala', role: 'head' }) }
  wait(60)
  add('verified', { findings })
  if (random() < 0.1) {
    add('returned', { reasons: ['surat'], owed: false })
    wait(2_500)
    add('submitted', { to: 'verifying' }, filer)
    wait(60)
    add('verified', { findings })
  }
  const fate = random()
  if (fate < 0.02) return events
  if (fate < 0.07) {
    wait(30)
    add('rejected', { reasons: ['tidak sesuai'], owed: false })
    wait(20)
    add('notified', { party: 'applicant', subject: 'rejected', channel: 'mail' }, system)
    add('answered', { letter: {} }, { id: 'kepala', role: 'head' })
    add('closed', { outcome: 'rejected' }, system)
    return events
  }
  wait(30)
  add('approved', { emergency: false })
  add('executionStarted', { owed: false })
  wait(5)
  add('amsAnswered', { operation: 'file', outcome: 'accepted', to: 'atBsre' })
  wait(random() < 0.1 ? 600 : 45)
  add('amsAnswered', { operation: 'read', outcome: 'accepted', to: 'awaitingProof' }, system)
  add('notified', { party: 'applicant', subject: 'awaitingProof', channel: 'mail' }, system)
  wait(15)
  add('answered', { letter: {} }, { id: 'kepala', role: 'head' })
  if (fate < 0.1) return events
  wait(1_440)
  add('proven', { of: 'revoked', to: 'revoked', sha256: '00' }, system)
  wait(5)
  add('closed', { outcome: 'revoked' }, system)
  return events
}

async function inventComplaints(standard: ServiceStandard, count: number, begin: number, end: number, random: () => number): Promise<readonly Complaint[]> {
  let now = new Date(begin).toISOString()
  let id = 0
  const desk = createComplaintDesk({ standard, store: createMemoryComplaintStore(), now: () => now, ids: () => `aduan-${(id += 1)}` })
  const { channels, classes } = standard.complaints
  const officer = { id: 'petugas-1', role: desk.standard.complaints.flow.find(({ act }) => act === 'respond')?.role ?? 'verifier' } as const
  for (let index = 0; index < count; index += 1) {
    const filed = begin + ((end - begin) / count) * index
    now = new Date(filed).toISOString()
    const channel = channels[Math.floor(random() * channels.length)]?.kind
    const kind = classes[Math.floor(random() * random() * classes.length)]?.id
    if (channel === undefined || kind === undefined) break
    const { complaint } = await desk.file({ channel, class: kind, text: 'Aduan rekaan', reporter: { visibility: 'anonymous' } }, { as: { id: 'warga', role: 'applicant' } })
    now = new Date(filed + random() * 300 * minute).toISOString()
    await desk.perform(complaint.id, { type: 'take' }, { as: officer })
    if (random() < 0.85) await desk.perform(complaint.id, { type: 'answer', text: 'Jawaban rekaan' }, { as: officer })
  }
  return desk.all()
}

/** Most people file on a weekday between 8 and 14; milliseconds after the local midnight `begin`. */
function workingInstant(span: number, begin: number, below: (limit: number) => number): number {
  const days = Math.max(1, Math.floor(span / 86_400_000))
  let day = below(days)
  // The offset of a zone moves no local midnight to another weekday than half a day later has in UTC.
  while (days > 6 && [0, 6].includes(new Date(begin + day * 86_400_000 + 43_200_000).getUTCDay())) day = below(days)
  return day * 86_400_000 + (8 * 60 + below(6 * 60)) * minute
}

/** mulberry32: small, seeded, the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
