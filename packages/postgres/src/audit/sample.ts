import { hash } from 'node:crypto'
import { canonicalJson, type Json } from '@cabut/sdk/history'
import type { Store, StoredEvent } from '@cabut/sdk/store'
import { absentWords, statuses, type CaseState } from '@cabut/sdk/workflow'
import type { Database } from '../database.js'
import { findChainFault } from './chain.js'
import { digestsOf } from './check-case.js'

/**
 * Draws cases for an inspector: the same seed on the same cases draws the same ones, whoever draws, on whatever database. Each case has the
 * same chance; nobody can steer the draw without choosing case ids after the seed is known.
 *
 * @param seed named by the inspector, not by the office
 * @returns ids in the order drawn; fewer than `count` where there are fewer cases
 * @example
 * ```ts
 * const { database } = await openOffice()
 * await drawSample(database, 1, 'inspektorat-2026') // ['P-2026-0002']
 * ```
 */
export async function drawSample(database: Database, count: number, seed: string): Promise<readonly string[]> {
  const drawn: { readonly id: string; readonly lot: string }[] = []
  for (let after = ''; ;) {
    const rows = await database.query<{ id: string }>('select id from cabut.cases where id > $1 order by id limit 10000', [after])
    for (const { id } of rows) drawn.push({ id, lot: hash('sha256', canonicalJson({ seed, id })) })
    drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1)).splice(count)
    const last = rows.at(-1)
    if (rows.length < 10_000 || last === undefined) return drawn.map(({ id }) => id)
    after = last.id
  }
}

const extensions: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf', 'application/pkix-cert': 'cer', 'application/pkix-crl': 'crl', 'application/ocsp-response': 'ocsp',
}

/** A whole case on paper, as it were: file name to bytes. */
export type Dossier = ReadonlyMap<string, Uint8Array>

/**
 * The dossier of one case for an inspector: a summary to read (Indonesian), the sealed events, every letter and every piece of evidence under its
 * digest, and the digests of all of it. Without `personal`, letters are left out, since they name people.
 *
 * @throws CabutError of the store; undefined for a case that is not there
 * @example
 * ```ts
 * const { store } = await openOffice()
 * const dossier = await writeDossier(store, 'P-2026-0001', { personal: false })
 * const summary = new TextDecoder().decode(dossier?.get('RINGKASAN.md'))
 * summary.includes('- applicant: [dirahasiakan]') // true
 * await writeDossier(store, 'P-2026-9999', { personal: false }) // undefined
 * ```
 */
export async function writeDossier(store: Store, id: string, options: { readonly personal: boolean }): Promise<Dossier | undefined> {
  const state = (await store.load('all', id))?.state
  if (state === undefined) return undefined
  const events = await store.events('all', id)
  const files = new Map<string, Uint8Array>()
  const put = (path: string, content: Uint8Array | string): void => { files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content) }
  put('riwayat.jsonl', events.map(({ personal, ...event }) => `${canonicalJson((options.personal && personal !== undefined ? { ...event, personal } : event) as unknown as Json)}\n`).join(''))
  const missing: string[] = []
  for (const sha256 of new Set(digestsOf(state))) {
    const found = await store.evidence('all', sha256)
    if (found === undefined || hash('sha256', found.bytes) !== sha256) missing.push(sha256)
    // A letter names people; without personal values its digest stands for it.
    else if (options.personal || found.mediaType !== 'application/pdf') put(`bukti/${sha256}.${extensions[found.mediaType] ?? 'bin'}`, found.bytes)
  }
  put('RINGKASAN.md', summary(state, events, missing, options.personal))
  put('SHA256SUMS', [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, bytes]) => `${hash('sha256', bytes)}  ${path}\n`).join(''))
  return files
}

function summary(state: CaseState, events: readonly StoredEvent[], missing: readonly string[], personal: boolean): string {
  const fault = findChainFault(state.id, events)
  const shown = (field: string): string => personal ? state.personal[field] ?? absentWords[state.absent?.[field] ?? 'erased'].id : '[dirahasiakan]'
  const fields = [...new Set([...Object.keys(state.personal), ...Object.keys(state.absent ?? {})])].sort()
  const lines = [
    `# Berkas ${state.id}`, '',
    `- Nomor register: ${state.register ?? '-'}`, `- Status: ${statuses[state.status].id}`, `- Diajukan: ${state.filedAt}`, `- Alasan: ${state.reason}`,
    `- OPD asal: ${state.parties.opdOrigin}`, `- Sertifikat: ${state.certificate.issuerDn ?? '-'}, nomor seri ${state.certificate.serial ?? '-'}`,
    ...fields.map(field => `- ${field}: ${shown(field)}`),
    state.proof === undefined ? '- Bukti: belum terbukti' : `- Bukti: ${state.proof.source.toUpperCase()} ${state.proof.thisUpdate}, dicabut CA pada ${state.proof.revocationDate} (sha256 ${state.proof.sha256})`,
    `- Rantai riwayat: ${fault === undefined ? 'utuh' : `TIDAK UTUH pada peristiwa ${fault.seq} (${fault.fault})`}`,
    ...missing.map(sha256 => `- HILANG ATAU BERUBAH: sha256 ${sha256}`), '',
    '## Surat', '', ...state.letters.map(letter => `- ${letter.kind} ${letter.number ?? ''} ${letter.date ?? ''} (sha256 ${letter.sha256}, ${letter.size} oktet)`), '',
    '## Riwayat', '', ...events.map(event => `${event.seq}. ${event.time} ${event.type} oleh ${event.actor.id} (${event.actor.role}) \`${event.digest}\``), '',
  ]
  return lines.join('\n')
}
