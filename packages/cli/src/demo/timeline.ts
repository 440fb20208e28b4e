import { roles, statuses, wordsOf, type Desk, type EventType, type RoleName, type StoredEvent } from '@cabut/sdk'
import type { Console } from '../console.js'
import type { Text } from '../language.js'
import { wibTime } from './clock.js'

const words: Readonly<Record<EventType, Text>> = {
  filed: { id: 'permohonan dicatat', en: 'request filed' },
  amended: { id: 'permohonan diubah', en: 'request amended' },
  letterAttached: { id: 'surat dilampirkan', en: 'letter attached' },
  submitted: { id: 'diajukan', en: 'submitted' },
  received: { id: 'diterima dan dibaca', en: 'received and read' },
  disposed: { id: 'didisposisikan', en: 'disposed' },
  dispositionCancelled: { id: 'disposisi dibatalkan', en: 'disposition cancelled' },
  verified: { id: 'diverifikasi', en: 'verified' },
  returned: { id: 'dikembalikan untuk perbaikan', en: 'returned for correction' },
  approved: { id: 'disetujui', en: 'approved' },
  rejected: { id: 'ditolak', en: 'rejected' },
  withdrawn: { id: 'ditarik', en: 'withdrawn' },
  expedited: { id: 'dipercepat', en: 'expedited' },
  executionStarted: { id: 'pelaksanaan dimulai', en: 'execution started' },
  ratified: { id: 'tindakan darurat disahkan', en: 'emergency act ratified' },
  amsWriteStarted: { id: 'menulis ke AMS', en: 'writing to AMS' },
  amsAnswered: { id: 'jawaban AMS', en: 'AMS answered' },
  parked: { id: 'ditunda untuk diperiksa orang', en: 'parked for a person' },
  unparked: { id: 'pemeriksaan selesai', en: 'settled by a person' },
  evidenceRecorded: { id: 'CRL/OCSP dicatat', en: 'CRL/OCSP recorded' },
  proven: { id: 'TERBUKTI oleh CRL/OCSP bertanda tangan CA', en: "PROVEN by the CA's own signed CRL/OCSP" },
  contradicted: { id: 'bukti bertentangan', en: 'evidence contradicts itself' },
  resolved: { id: 'pertentangan diselesaikan', en: 'contradiction resolved' },
  expired: { id: 'sertifikat kedaluwarsa', en: 'certificate expired' },
  resumptionStarted: { id: 'pengaktifan kembali dimulai', en: 'resumption started' },
  informed: { id: 'diberi tahu', en: 'informed' },
  answered: { id: 'dijawab dengan surat', en: 'answered by letter' },
  closed: { id: 'selesai', en: 'closed' },
  reopened: { id: 'dibuka kembali', en: 'reopened' },
}

/** What is done in AMS, and what came back. */
const operations: Readonly<Record<'file' | 'forward' | 'return' | 'reject' | 'read', Text>> = {
  file: { id: 'pengajuan pencabutan', en: 'filing of the revocation' },
  return: { id: 'pengembalian', en: 'return' },
  reject: { id: 'penolakan', en: 'rejection' },
  forward: { id: 'penerusan ke BSrE', en: 'forwarding to BSrE' },
  read: { id: 'pembacaan keadaan', en: 'reading of the state' },
}
const outcomes: Readonly<Record<'accepted' | 'refused' | 'notDone' | 'unknown', Text>> = {
  accepted: { id: 'diterima', en: 'accepted' },
  refused: { id: 'ditolak', en: 'refused' },
  notDone: { id: 'tidak terlaksana: boleh dicoba lagi', en: 'not done: may be tried again' },
  unknown: { id: 'tidak diketahui hasilnya: dibaca dahulu, tidak diulang begitu saja', en: 'of unknown outcome: read first, never blindly repeated' },
}

/** Prints the events of one request as they appear, each once. */
export class Timeline {
  readonly #console: Console
  readonly #desk: Desk
  readonly #id: string
  #printed = 0

  constructor(console: Console, desk: Desk, id: string) {
    this.#console = console
    this.#desk = desk
    this.#id = id
  }

  /** Prints what is new, and the status it led to. */
  async print(): Promise<void> {
    const history = await this.#desk.history(this.#id)
    const fresh = history.slice(this.#printed)
    this.#printed = history.length
    for (const event of fresh) this.#console.line(`  ${wibTime(new Date(event.time))}  ${this.#actor(event).padEnd(24)} ${this.#words(event)}`)
    const { status } = await this.#desk.get(this.#id)
    if (fresh.length > 0) this.#console.line(`  ${' '.repeat(32)}  => ${this.#console.say(statuses[status])}`)
  }

  #actor(event: StoredEvent): string {
    const role = event.actor.role as RoleName
    return role in roles ? this.#console.say(roles[role]) : event.actor.role
  }

  #words(event: StoredEvent): string {
    const text = this.#console.say(words[event.type as EventType])
    const data = event.data as { outcome?: keyof typeof outcomes; operation?: keyof typeof operations; record?: { rawStatus: string }; code?: string; subject?: string; party?: string }
    const operation = data.operation === undefined ? '' : this.#console.say(operations[data.operation])
    if (event.type === 'amsAnswered') {
      const outcome = this.#console.say(outcomes[data.outcome ?? 'unknown'])
      return `${text}: ${operation} ${outcome}${data.code === undefined ? '' : ` [${data.code}]`}${data.record === undefined ? '' : ` (${this.#console.say({ id: 'status di AMS', en: 'status in AMS' })}: ${data.record.rawStatus})`}`
    }
    if (event.type === 'amsWriteStarted') return `${text}: ${operation}`
    if (event.type === 'returned') return `${text}: ${wordsOf(event).join('; ')}`
    if (event.type === 'informed') return `${data.party === 'holder' ? this.#console.say({ id: 'pemilik', en: 'holder' }) : this.#console.say({ id: 'pemohon', en: 'applicant' })} ${text}${data.subject === undefined ? '' : `: ${this.#console.say(data.subject in statuses ? statuses[data.subject as keyof typeof statuses] : { id: data.subject, en: data.subject })}`}`
    return text
  }
}
