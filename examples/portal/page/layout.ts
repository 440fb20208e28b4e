import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Office } from '../office.js'
import { applicantSide } from '../people.js'
import type { Session } from '../session.js'
import { roleTitle } from '../words.js'

/** A piece of a page, escaped. */
export type Piece = HtmlEscapedString | Promise<HtmlEscapedString>

/** What every page is drawn with. */
export interface View {
  readonly office: Office
  readonly session: Session | undefined
  readonly path: string
}

/** A whole page. No inline script, no inline style, nothing from elsewhere. */
export function layout(view: View, title: string, body: Piece, scripts: readonly string[] = []): Piece {
  const { office: { settings: { standard }, sandbox }, session } = view
  return html`<!doctype html>
<html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${title} · Cabut ${standard.region.name}</title><link rel="stylesheet" href="/aset/portal.css"><link rel="icon" href="/aset/ikon.svg" type="image/svg+xml">
${['umum', ...scripts].map((name) => html`<script type="module" src="/aset/${name}.js"></script>`)}</head><body>
<a class="lewati" href="#isi">Langsung ke isi</a>
${sandbox === undefined ? '' : html`<aside class="rekaan" aria-label="Portal percobaan">Portal percobaan: orang, sertifikat, dan AMS di sini rekaan. <a href="/rekaan">Berkas percobaan</a></aside>`}
<header class="kepala"><div><a class="merek" href="/"><img src="/aset/ikon.svg" alt="" width="36" height="36"><span><b>Cabut</b> <small>${standard.office.id}</small></span></a>
<nav aria-label="Utama"><ul>${navigation(view).map(([href, words]) => html`<li><a href="${href}" ${isHere(view.path, href) ? html`aria-current="page"` : ''}>${words}</a></li>`)}</ul></nav>
${session === undefined
    ? html`<a class="tombol kecil" href="/masuk">Masuk</a>`
    : html`<form class="saya" method="post" action="/keluar"><input type="hidden" name="csrf" value="${session.csrf}"><span><b>${session.person.name}</b><small>${roleTitle(standard, session.role)}</small></span><button class="kecil sunyi">Keluar</button></form>`}
</div></header>
<main id="isi" tabindex="-1"><h1>${title}</h1>
${body}
</main>
<footer><p>${standard.office.id}. Layanan gratis. <a href="/standar">Standar pelayanan</a> · <a href="/pengaduan">Pengaduan</a> · <a href="/periksa">Periksa bukti</a></p>
<p>“Dicabut” di sini berarti terbukti: CRL atau OCSP yang ditandatangani penerbit sertifikat menyatakannya.</p></footer>
</body></html>`
}

function navigation({ session }: View): readonly (readonly [string, string])[] {
  const open = [['/standar', 'Standar pelayanan'], ['/periksa', 'Periksa bukti'], ['/pengaduan', 'Pengaduan']] as const
  if (session === undefined) return [['/', 'Beranda'], ...open]
  if (applicantSide.has(session.role)) return [['/permohonan', 'Permohonan'], ...open]
  return [['/permohonan', 'Kotak masuk'], ['/pengaduan', 'Pengaduan'], ['/laporan', 'Laporan'], ['/administrasi', 'Standar'], ['/periksa', 'Periksa bukti']]
}

const isHere = (path: string, href: string): boolean => href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)

/** The hidden fields every form carries: who sent it, which version they saw, and a key that makes sending it twice harmless. */
export function hidden({ session }: View, version?: number): Piece {
  return html`<input type="hidden" name="csrf" value="${session?.csrf ?? ''}"><input type="hidden" name="kunci" value="${crypto.randomUUID()}">${version === undefined ? '' : html`<input type="hidden" name="versi" value="${version}">`}`
}

/** Terms and their values. */
export function facts(rows: readonly (readonly [string, Piece | string] | undefined)[]): Piece {
  return html`<dl class="fakta">${rows.filter((row) => row !== undefined).map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** The office as people call it; its code where nobody of it is known. */
export function officeName({ office }: View, code: string): string {
  return office.people.find(({ opd }) => opd === code)?.office ?? code
}

/** The person as people call them; the id where the portal knows no name. */
export function personName({ office }: View, id: string | undefined): string | undefined {
  return office.people.find((one) => one.id === id)?.name ?? id
}

/** A status as a label whose meaning does not rest on its colour. */
export function badge(status: string, label: string): Piece {
  return html`<span class="status" data-nada="${tones[status] ?? 'jalan'}">${label}</span>`
}

const tones: Readonly<Record<string, string>> = {
  revoked: 'baik', closed: 'baik', resumed: 'baik', rejected: 'buruk', failed: 'buruk', contradicted: 'buruk', returned: 'awas', parked: 'awas', suspended: 'awas', awaitingProof: 'awas',
  withdrawn: 'redup', draft: 'redup',
}

/** A message in a box; `alert` is read aloud at once. */
export function notice(tone: 'baik' | 'awas' | 'buruk' | 'info', body: Piece | string, role: 'status' | 'alert' | 'note' = 'note'): Piece {
  return html`<div class="kotak" data-nada="${tone}" role="${role}">${body}</div>`
}
