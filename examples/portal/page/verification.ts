import { html } from 'hono/html'
import { formatName, type NameDifference } from '@cabut/pki/name'
import type { LetterReport, LetterSignature, Standing } from '@cabut/pki/letter'
import type { RequestJson } from '../back.js'
import { attributeWords, differenceWords, hintWords, letterWords, moment, octets } from '../words.js'
import { commandForm, findingFields, offered } from './commands.js'
import { facts, hidden, layout, notice, officeName, type Piece, type View } from './layout.js'

/** A Distinguished Name said by somebody, beside the certificate's own. */
export interface Comparison {
  readonly source: string
  /** The name as text, as it was given. */
  readonly text: string
  /** `undefined`: the text is no Distinguished Name. */
  readonly differences?: readonly NameDifference[]
  readonly attributes: readonly { readonly type: string; readonly name: string; readonly said?: string; readonly certificate?: string }[]
}

/** A letter with what its signatures say. */
export interface JudgedLetter {
  readonly letter: RequestJson['letters'][number]
  readonly report?: LetterReport
}

/** Everything an officer looks at before deciding. */
export function verificationPage(view: View, request: RequestJson, found: {
  readonly personal: Readonly<Record<string, string>> | undefined
  readonly comparisons: readonly Comparison[]
  readonly letters: readonly JudgedLetter[]
  readonly said?: string
}): Piece {
  const { standard } = view.office.settings
  const { personal, comparisons, letters } = found
  const mine = offered(view, request)
  return layout(view, `Verifikasi ${request.register ?? request.id}`, html`
<p><a href="/permohonan/${request.id}">Kembali ke permohonan</a></p>
<section><h2>1. Data pemohon</h2>${facts([
    ['Pemohon', `${personal?.['applicant'] ?? request.parties.applicant.id}, ${officeName(view, request.parties.opdOrigin)}`], ['Pemilik sertifikat', personal?.['holder'] ?? request.parties.holder.id ?? '–'],
    ['Nama pengguna AMS', personal?.['username'] ?? 'belum disebut'], ['Masa berlaku', `${moment(request.certificate.notBefore, standard.zone)} sampai ${moment(request.certificate.notAfter, standard.zone)}`],
    personal?.['note'] === undefined ? undefined : ['Keterangan pemohon', personal['note']],
  ])}</section>
<section><h2>2. Subject DN</h2>
${comparisons.length === 0 ? notice('info', 'Belum ada DN lain untuk dibandingkan. Salin Subject DN dari AMS ke bawah ini.') : comparisons.map(comparisonTable)}
<form method="post" action="/permohonan/${request.id}/verifikasi">${hidden(view)}<div class="isian"><label for="dn">Subject DN menurut AMS<span class="bantu">tempel seperti tertulis; yang dibandingkan isinya (RFC 5280 7.1)</span></label><input type="text" id="dn" name="dn" maxlength="2000" autocomplete="off" spellcheck="false" value="${found.said ?? ''}"></div><button class="sunyi kecil">Bandingkan</button></form></section>
<section><h2>3. Surat</h2>${letters.length === 0 ? html`<p>Tidak ada surat.</p>` : letters.map(({ letter, report }) => html`<div class="kartu"><h3><a href="/permohonan/${request.id}/berkas/${letter.sha256}">${letterWords[letter.kind] ?? letter.kind}</a> <small>${letter.number ?? ''} · ${octets(letter.size)}</small></h3>${report === undefined ? notice('awas', 'Berkas ini tidak dapat diperiksa; baca dengan mata.') : letterFacts(view, report)}</div>`)}</section>
${mine.includes('approve') || mine.includes('verify') ? html`<section class="kartu"><h2>4. Temuan dan keputusan</h2>
<form method="post" action="/permohonan/${request.id}/perintah/approve">${hidden(view, request.version)}${findingFields(view)}<div class="deret">${mine.includes('approve') ? html`<button>Setujui</button>` : ''}${mine.includes('verify') ? html`<button class="sunyi" formaction="/permohonan/${request.id}/perintah/verify">Catat temuan saja</button>` : ''}</div></form></section>` : notice('info', 'Keputusan atas permohonan ini bukan giliran Anda.')}
${(['return', 'reject'] as const).filter((name) => mine.includes(name)).map((name) => html`<details><summary>${name === 'return' ? 'Kembalikan untuk perbaikan' : 'Tolak permohonan'}</summary>${commandForm(view, request, name)}</details>`)}`, ['ajuan'])
}

/** Two names side by side, each attribute in its row; what differs is said in words, not by colour alone. */
export function comparisonTable({ source, text, differences, attributes }: Comparison): Piece {
  if (differences === undefined) return notice('buruk', html`<p>${source}: <code>${text}</code> bukan Subject DN yang dapat dibaca.</p>`)
  const real = differences.filter(({ kind }) => kind !== 'equivalent')
  return html`<div class="gulir" tabindex="0" role="region" aria-label="Perbandingan Subject DN"><table class="dn tumpuk"><caption>${source}: ${real.length === 0 ? 'sama dengan sertifikat' : 'berbeda dari sertifikat'}</caption><thead><tr><th scope="col">Isian</th><th scope="col">${source}</th><th scope="col">Sertifikat</th><th scope="col">Hasil</th></tr></thead><tbody>
${attributes.map(({ type, name, said, certificate }) => {
    const difference = differences.find((one) => one.type === type && (one.left === undefined || one.left === said) && (one.right === undefined || one.right === certificate))
    const marked = difference === undefined ? '' : difference.kind === 'equivalent' ? html`data-mirip` : html`data-beda`
    return html`<tr ${marked}><th scope="row">${attributeWords[type] ?? name}</th><td data-judul="${source}">${difference?.kind === 'differs' ? unlike(said, certificate) : said ?? '–'}</td><td data-judul="Sertifikat">${difference?.kind === 'differs' ? unlike(certificate, said) : certificate ?? '–'}</td><td data-judul="Hasil">${difference === undefined ? 'sama' : html`<b>${differenceWords[difference.kind]}</b>${difference.hints.length === 0 ? '' : `: ${hintWords(difference.hints)}`}`}</td></tr>`
  })}</tbody></table></div>${real.some(({ kind }) => kind === 'order' || kind === 'grouping') ? notice('awas', 'Isinya sama, urutannya berbeda: cocokkan dengan teliti.') : ''}`
}

/** A value with the letters that stand otherwise in the other one; a letter only looks the same, so those beyond Latin are named by their number. */
function unlike(value: string | undefined, other: string | undefined): Piece | string {
  const [mine, theirs] = [Array.from(value ?? '–'), Array.from(other ?? '')]
  // Word for word alike in length: then it is single letters that differ, and they can be shown.
  if (mine.length !== theirs.length) return value ?? '–'
  const foreign = mine.filter((letter, at) => letter !== theirs[at] && /[^\u0000-\u024f]/u.test(letter))
  return html`${mine.map((letter, at) => letter === theirs[at] ? letter : html`<mark>${letter}</mark>`)}${foreign.length === 0 ? '' : html`<br><small>${foreign.map((letter) => `${letter} = U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`).join(', ')}</small>`}`
}

const kinds: Readonly<Record<LetterReport['kind'], string>> = {
  signed: 'Bertanda tangan elektronik', claimsElectronicSignature: 'Mengaku ditandatangani elektronik, tetapi tidak ada tanda tangannya: hasil cetak. Mintalah berkas aslinya.',
  imageOnly: 'Hasil pindai (gambar): periksa tanda tangan basah dan cap dengan mata.', unsigned: 'Teks tanpa tanda tangan elektronik.',
}
const standings: Readonly<Record<Standing, string>> = {
  good: 'sertifikat penandatangan berlaku', revokedBefore: 'sertifikat sudah dicabut sebelum menandatangani', revokedAfter: 'dicabut sesudah menandatangani', revoked: 'sertifikat sudah dicabut; waktunya tidak terbukti',
  suspended: 'sertifikat ditangguhkan', expired: 'sertifikat kedaluwarsa', notYetValid: 'sertifikat belum berlaku', unknown: 'status sertifikat tidak dapat dipastikan',
}

/** What a letter's signatures say, in words. */
export function letterFacts(view: View, report: LetterReport): Piece {
  const { zone } = view.office.settings.standard
  return html`<p>${kinds[report.kind]} <small>${report.pages} halaman.</small></p>${report.signatures.map((one) => signatureFacts(one, zone))}`
}

function signatureFacts({ integrity, signer, certificate, when, level, afterwards }: LetterSignature, zone: 'WIB' | 'WITA' | 'WIT'): Piece {
  const sound = integrity === 'intact' && signer !== undefined && (signer.standing === 'good' || signer.standing === 'revokedAfter') && !afterwards.contentChanged
  return notice(sound ? 'baik' : integrity === 'broken' ? 'buruk' : 'awas', facts([
    ['Tanda tangan', integrity === 'intact' ? 'utuh' : integrity === 'broken' ? 'RUSAK: isi berubah sesudah ditandatangani' : 'algoritmanya tidak dikenal'],
    ['Penandatangan', certificate === undefined ? 'tidak disebut' : formatName(certificate.subject)], signer === undefined ? undefined : ['Keadaan', standings[signer.standing]],
    ['Waktu', when.proven !== undefined ? `${moment(when.proven.time.toISOString(), zone)} (terbukti)` : when.claimed !== undefined ? `${moment(when.claimed.toISOString(), zone)} (menurut penandatangan)` : 'tidak diketahui'],
    ['Tingkat', level === 'none' ? '–' : `PAdES ${level}`], !afterwards.contentChanged ? undefined : ['Sesudahnya', 'isi berkas berubah sesudah ditandatangani'],
  ]))
}
