import { readCrl } from '@cabut/pki/crl'
import { readOcspResponse } from '@cabut/pki/ocsp'
import { readCertificate } from '@cabut/pki/certificate'
import { assumedAmsProfile, describeFiling, reasonCatalogue, type AmsProfile, type AssistedTask } from '@cabut/sdk'
import type { CommandName } from '@cabut/sdk/standard'
import type { Ticket } from '@cabut/spbe'
import { renderSVG } from 'uqr'
import { files, requireSession, text, viewOf, type Form, type Portal, type Rooms, type Visit } from '../visit.js'
import { ask, forward, type Answer, type Problem, type RequestJson } from '../back.js'
import { certificateFacts, certificateIn, compareNames } from '../certificate-file.js'
import type { Office } from '../office.js'
import { amsPage } from '../page/ams.js'
import { bodyOf, commandForms, offered } from '../page/commands.js'
import { batchPage, filingPage, letterKindsOf } from '../page/filing.js'
import { proofPage, type ExhibitFacts } from '../page/proof.js'
import { problemPage } from '../page/public.js'
import { listPage, requestPage, type Personal } from '../page/request.js'
import { verificationPage, type Comparison, type JudgedLetter } from '../page/verification.js'
import { proofSheet } from '../proof-sheet.js'
import type { Session } from '../session.js'

/** The reason is named to the officer as people say it. AMS's own list is not public. */
const amsProfile: AmsProfile = { ...assumedAmsProfile, reasonLabels: Object.fromEntries(reasonCatalogue.reasons.map(({ code, title }) => [code, title.id])) }

const over = new Set(['closed', 'withdrawn'])

/** Everything about requests: filing, inbox, decisions, AMS by hand, proof. */
export function requestRoutes(app: Portal, { office }: Rooms): void {
  const refused = (c: Visit, problem: Problem): Response | Promise<Response> => problem.status === 404 ? c.notFound()
    : c.html(problemPage(viewOf(office, c), problem.title, problem.detail ?? `Kode: ${problem.code}`), problem.status as 403)

  app.get('/permohonan', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const all: RequestJson[] = []
    for (let cursor: string | null = ''; cursor !== null && all.length < 500; ) {
      const answer: Awaited<ReturnType<typeof ask<{ items: RequestJson[]; next: string | null }>>> = await ask(office, session, `/requests?limit=100${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`)
      if (!answer.ok) return refused(c, answer.problem)
      all.push(...answer.value.items)
      cursor = answer.value.next
    }
    const closed = c.req.query('selesai') !== undefined
    return c.html(listPage(viewOf(office, c), all.filter(({ status }) => closed || !over.has(status)).sort((a, b) => (a.filedAt < b.filedAt ? 1 : -1)), closed))
  })

  app.get('/permohonan/baru', (c) => {
    const session = requireSession(c)
    return session instanceof Response ? session : c.html(filingPage(viewOf(office, c)))
  })
  app.get('/permohonan/massal', (c) => {
    const session = requireSession(c)
    return session instanceof Response ? session : c.html(batchPage(viewOf(office, c)))
  })

  // What the filing page asks while files are chosen; the same checks run again when the form is sent.
  app.post('/permohonan/periksa', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return c.json({ problem: 'Silakan masuk.' }, 401)
    const form = c.get('form')
    const [file] = files(form, 'berkas')
    if (file === undefined) return c.json({ problem: 'Berkas kosong.' })
    const bytes = new Uint8Array(await file.arrayBuffer())
    if (text(form, 'jenis') === 'sertifikat') {
      const found = await certificateIn(office, bytes)
      if ('problem' in found) return c.json(found)
      const said = text(form, 'dn')
      const comparison = said.trim() === '' ? undefined : compareNames('AMS', said, found.certificate.subject)
      return c.json({ certificate: certificateFacts(found.certificate), ...(comparison === undefined ? {} : { same: comparison.differences === undefined ? null : comparison.differences.every(({ kind }) => kind === 'equivalent'), differences: comparison.differences ?? [] }) })
    }
    const report = await office.inspect(bytes).catch(() => undefined)
    if (report === undefined) return c.json({ problem: 'PDF ini tidak dapat dibaca.' })
    return c.json({ letter: { kind: report.kind, pages: report.pages, broken: report.signatures.some(({ integrity }) => integrity === 'broken'), signers: report.signatures.flatMap(({ certificate, integrity, signer }) => certificate === undefined ? [] : [{ ...certificateFacts(certificate), integrity, standing: signer?.standing ?? 'unknown' }]) } })
  })

  app.post('/permohonan', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const form = c.get('form')
    const entered = Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    const again = (problem: Problem): Response | Promise<Response> => c.html(filingPage(viewOf(office, c), entered, problem), problem.status as 400)
    const [file] = files(form, 'sertifikat')
    const found = file === undefined ? { problem: 'Pilih sertifikatnya.' } : await certificateIn(office, new Uint8Array(await file.arrayBuffer()))
    if ('problem' in found) return again({ status: 422, code: 'certificateUnreadable', title: 'Sertifikat tidak terbaca', detail: found.problem })
    const answer = await ask<RequestJson>(office, session, '/requests', { form: await filingOf(office, session, form, found.certificate.der), key: text(form, 'kunci') })
    return answer.ok ? c.redirect(`/permohonan/${encodeURIComponent(answer.value.id)}?kata=file`, 303) : again(answer.problem)
  })

  app.post('/permohonan/massal', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const form = c.get('form')
    const certificates = files(form, 'sertifikat').slice(0, 100)
    const results: { name: string; id?: string; words: string }[] = []
    for (const [at, file] of certificates.entries()) {
      const found = await certificateIn(office, new Uint8Array(await file.arrayBuffer()))
      if ('problem' in found) { results.push({ name: file.name, words: found.problem }); continue }
      const username = file.name.replace(/\.[^.]*$/, '')
      const one: Form = { alasan: text(form, 'alasan'), pengguna: username, pemilik: username, [`surat-${text(form, 'jenis')}`]: files(form, 'surat')[0] ?? '', [`nomor-${text(form, 'jenis')}`]: text(form, 'nomor'), [`tanggal-${text(form, 'jenis')}`]: text(form, 'tanggal') }
      const answer = await ask<RequestJson>(office, session, '/requests', { form: await filingOf(office, session, one, found.certificate.der), key: `${text(form, 'kunci')}-${at}` })
      results.push(answer.ok ? { name: file.name, id: answer.value.id, words: `${answer.value.register ?? answer.value.id}: ${answer.value.statusLabel}` } : { name: file.name, words: [answer.problem.title, ...(answer.problem.issues ?? []).map(({ message }) => message ?? '')].join(' ') })
    }
    return c.html(batchPage(viewOf(office, c), results))
  })

  const read = async (c: Visit): Promise<{ readonly session: Session; readonly request: RequestJson; readonly path: string } | Response> => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const path = `/requests/${encodeURIComponent(c.req.param('id') ?? '')}`
    const answer = await ask<RequestJson>(office, session, path)
    return answer.ok ? { session, request: answer.value, path } : refused(c, answer.problem)
  }
  const personalOf = async (session: Session, path: string): Promise<Personal> => {
    const answer = await ask<{ values: Record<string, string> }>(office, session, `${path}/personal`)
    return answer.ok ? answer.value.values : undefined
  }
  const show = async (c: Visit, more: { readonly problem?: Problem; readonly said?: string } = {}): Promise<Response> => {
    const found = await read(c)
    if (found instanceof Response) return found
    const [ticket, personal] = await Promise.all([ask<Ticket>(office, found.session, `${found.path}/ticket`), personalOf(found.session, found.path)])
    if (!ticket.ok) return refused(c, ticket.problem)
    return c.html(requestPage(viewOf(office, c), found.request, ticket.value, personal, more), (more.problem?.status ?? 200) as 200)
  }

  app.get('/permohonan/:id', (c) => {
    const word = c.req.query('kata')
    const said = word === 'file' ? 'Permohonan tercatat. Simpan nomornya.' : word !== undefined && Object.hasOwn(commandForms, word) ? `Tercatat: ${commandForms[word as CommandName]?.title ?? ''}.` : undefined
    return show(c, said === undefined ? {} : { said })
  })

  app.post('/permohonan/:id/perintah/:command', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const name = c.req.param('command') as CommandName
    const form = Object.hasOwn(commandForms, name) ? commandForms[name] : undefined
    if (form === undefined) return c.notFound()
    const id = encodeURIComponent(c.req.param('id'))
    const give = (version: string): Promise<Answer<RequestJson>> => {
      const body = bodyOf(name, c.get('form'))
      return ask<RequestJson>(office, session, `/requests/${id}/${form.path}`, { version, key: text(c.get('form'), 'kunci'), ...(body instanceof FormData ? { form: body } : { json: body }) })
    }
    const seen = text(c.get('form'), 'versi')
    let answer = await give(seen)
    for (let tries = 0; !answer.ok && (answer.status === 412 || answer.problem.code === 'requestConflict') && tries < 3; tries++) {
      const version = await onlyTold(office, session, `/requests/${id}`, seen)
      if (version === undefined) break
      answer = await give(version)
    }
    return answer.ok ? c.redirect(`/permohonan/${id}?kata=${name}`, 303) : show(c, { problem: answer.problem })
  })

  const verification = async (c: Visit, said: string): Promise<Response> => {
    const found = await read(c)
    if (found instanceof Response) return found
    const { session, request, path } = found
    const personal = await personalOf(session, path)
    const download = async (sha256: string): Promise<Uint8Array | undefined> => {
      const response = await forward(office, session, `${path}/evidence/${sha256}`)
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : undefined
    }
    const der = request.certificate.sha256 === undefined ? undefined : await download(request.certificate.sha256)
    const comparisons: Comparison[] = []
    if (der !== undefined) {
      const { subject } = readCertificate(der)
      if (said.trim() !== '') comparisons.push(compareNames('DN yang Anda salin', said, subject))
      const inAms = await subjectInAms(office, session, request)
      if (inAms !== undefined) comparisons.push(compareNames('AMS', inAms, subject))
    }
    const letters: JudgedLetter[] = []
    for (const letter of request.letters) {
      const bytes = await download(letter.sha256)
      const report = bytes === undefined ? undefined : await office.inspect(bytes).catch(() => undefined)
      letters.push({ letter, ...(report === undefined ? {} : { report }) })
    }
    return c.html(verificationPage(viewOf(office, c), request, { personal, comparisons, letters, said }))
  }
  app.get('/permohonan/:id/verifikasi', (c) => verification(c, ''))
  app.post('/permohonan/:id/verifikasi', (c) => verification(c, text(c.get('form'), 'dn')))

  app.get('/permohonan/:id/ams', async (c) => {
    const found = await read(c)
    if (found instanceof Response) return found
    const view = viewOf(office, c)
    const due = offered(view, found.request).some((name) => name === 'recordAmsAnswer' || name === 'resume')
    const task = due ? await taskOf(office, found.session, found.request) : undefined
    return c.html(amsPage(view, found.request, task))
  })

  const proof = async (c: Visit, problem?: Problem): Promise<Response> => {
    const found = await read(c)
    if (found instanceof Response) return found
    const exhibits: ExhibitFacts[] = []
    for (const sha256 of found.request.evidence) {
      const response = await forward(office, found.session, `${found.path}/evidence/${sha256}`)
      if (response.ok) exhibits.push(exhibitFacts(sha256, new Uint8Array(await response.arrayBuffer()), found.request.certificate.serial))
    }
    return c.html(proofPage(viewOf(office, c), found.request, exhibits, problem), (problem?.status ?? 200) as 200)
  }
  app.get('/permohonan/:id/bukti', (c) => proof(c))
  app.post('/permohonan/:id/bukti', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const form = c.get('form')
    const [file] = files(form, 'bukti')
    const out = new FormData()
    out.append('request', '{}')
    if (file !== undefined) out.append(text(form, 'jenis') === 'ocsp' ? 'ocsp' : 'crl', new Blob([file], { type: 'application/octet-stream' }), 'bukti.der')
    const id = encodeURIComponent(c.req.param('id'))
    const answer = await ask<RequestJson>(office, session, `/requests/${id}/evidence`, { form: out, version: text(form, 'versi'), key: text(form, 'kunci') })
    return answer.ok ? c.redirect(`/permohonan/${id}/bukti`, 303) : proof(c, answer.problem)
  })
  app.get('/permohonan/:id/bukti/:form{(?:publik|lengkap)\\.zip}', (c) => passOn(office, c, `receipt?form=${c.req.param('form') === 'publik.zip' ? 'public' : 'full'}`))
  app.get('/permohonan/:id/berkas/:sha256{[0-9a-f]{64}}', (c) => passOn(office, c, `evidence/${c.req.param('sha256')}`))
  app.get('/permohonan/:id/bukti.pdf', async (c) => {
    const found = await read(c)
    if (found instanceof Response) return found
    const { proof: proven } = found.request
    if (proven === undefined) return c.notFound()
    const sheet = await proofSheet(office, { ...found.request, proof: proven })
    return c.body(sheet as unknown as ArrayBuffer, 200, { 'Content-Type': 'application/pdf', 'Content-Disposition': `attachment; filename="bukti-pencabutan-${found.request.id.replace(/[^\w-]/g, '')}.pdf"` })
  })
  app.get('/permohonan/:id/qr.svg', async (c) => {
    const found = await read(c)
    if (found instanceof Response) return found
    if (found.request.proof === undefined) return c.notFound()
    return c.body(renderSVG(`CABUT ${found.request.id} ${found.request.proof.sha256}`, { border: 2 }), 200, { 'Content-Type': 'image/svg+xml', 'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'" })
  })
}

/** The present version, when since the one somebody saw people were told something and nothing else happened: no reason to ask them to decide again. */
async function onlyTold(office: Office, session: Session, path: string, seen: string): Promise<string | undefined> {
  const answer = await ask<{ items: { seq: number; type: string }[] }>(office, session, `${path}/history`)
  const since = answer.ok ? answer.value.items.filter(({ seq }) => seq > Number(seen)) : []
  return since.length > 0 && since.every(({ type }) => type === 'informed') ? String(since.at(-1)?.seq) : undefined
}

/** A download of the interface, as it is. */
async function passOn(office: Office, c: Visit, path: string): Promise<Response> {
  const session = requireSession(c)
  if (session instanceof Response) return session
  const answer = await forward(office, session, `/requests/${encodeURIComponent(c.req.param('id') ?? '')}/${path}`)
  if (!answer.ok) return c.notFound()
  const kept = ['content-type', 'content-length', 'content-disposition'].flatMap((name) => { const value = answer.headers.get(name); return value === null ? [] : [[name, value]] })
  return new Response(answer.body, { headers: Object.fromEntries(kept) as Record<string, string> })
}

/** The form of the page as the form of the interface. */
async function filingOf(office: Office, { person }: Session, form: Form, certificate: Uint8Array): Promise<FormData> {
  const { standard } = office.settings
  const out = new FormData()
  const letters: object[] = []
  for (const kind of letterKindsOf(standard)) {
    const [file] = files(form, `surat-${kind}`)
    if (file === undefined) continue
    const [number, date] = [text(form, `nomor-${kind}`).trim(), text(form, `tanggal-${kind}`)]
    letters.push({ part: `surat-${kind}`, kind, ...(number === '' ? {} : { number }), ...(date === '' ? {} : { date }) })
    out.append(`surat-${kind}`, new Blob([file], { type: 'application/pdf' }), 'surat.pdf')
  }
  const [username, note, effectiveDate, dn] = [text(form, 'pengguna').trim(), text(form, 'keterangan').trim(), text(form, 'berlaku'), text(form, 'dn').trim()]
  const owner = standard.filing.by === 'owner'
  const holder = { ...(username === '' ? {} : { id: username, username }), ...(text(form, 'pemilik').trim() === '' ? {} : { name: text(form, 'pemilik').trim() }) }
  out.append('request', JSON.stringify({
    certificate: { part: 'sertifikat', ...(username === '' ? {} : { username }), ...(dn === '' ? {} : { subjectDn: dn }) }, reason: text(form, 'alasan'),
    applicant: { name: person.name, ...(owner && username !== '' ? { username } : {}) }, ...(owner ? {} : { holder }), letters,
    ...(note === '' ? {} : { note }), ...(effectiveDate === '' ? {} : { effectiveDate }),
  }))
  out.append('sertifikat', new Blob([certificate as Uint8Array<ArrayBuffer>]), 'sertifikat.cer')
  return out
}

/** The Subject DN AMS lists for this certificate, where AMS can be read. */
async function subjectInAms(office: Office, { person, role }: Session, { certificate: { issuerDn, serial } }: RequestJson): Promise<string | undefined> {
  if (!office.ams.readsBack || issuerDn === undefined || serial === undefined) return undefined
  const found = await office.ams.findCertificate({ issuerDn, serial }, { as: { id: person.id, role }, signal: AbortSignal.timeout(4_000) }).catch(() => undefined)
  return found?.outcome === 'answered' ? found.value[0]?.subjectDn : undefined
}

/** What to enter in AMS. Personal values are needed for it: the look is audited. */
async function taskOf(office: Office, { person, role }: Session, request: RequestJson): Promise<AssistedTask | undefined> {
  const { state } = await office.desk.get(request.id)
  const { issuerDn, serial } = state.certificate
  const { username, subjectDn, note } = state.personal
  office.audit({ time: new Date().toISOString(), actor: { id: person.id, role }, operation: 'readAmsTask', requestId: request.id })
  if (issuerDn === undefined || serial === undefined || username === undefined) return undefined
  const letters = await Promise.all(state.letters.filter(({ kind }) => kind !== 'answerLetter').map(async ({ sha256 }) => ({ sha256, bytes: (await office.desk.evidence(request.id, sha256)).bytes })))
  return describeFiling({ username, certificate: { issuerDn, serial, ...(subjectDn === undefined ? {} : { subjectDn }) }, reason: state.reason, letters, ...(note === undefined ? {} : { note }) }, amsProfile)
}

/** What a CRL or OCSP answer says by itself; whether to believe it was judged when it was recorded. */
function exhibitFacts(sha256: string, bytes: Uint8Array, serial: string | undefined): ExhibitFacts {
  try {
    const crl = readCrl(bytes)
    const entry = serial === undefined ? undefined : crl.find(serial)
    return { sha256, source: 'crl', words: entry === undefined ? 'sertifikat ini tidak tercantum' : entry.reason === 'certificateHold' ? 'tercantum ditangguhkan' : 'tercantum dicabut', thisUpdate: crl.thisUpdate.toISOString(), ...(crl.nextUpdate === undefined ? {} : { nextUpdate: crl.nextUpdate.toISOString() }) }
  } catch {
    // Not a CRL.
  }
  try {
    const single = readOcspResponse(bytes).basic?.responses.find((one) => one.serial === serial)
    if (single !== undefined) return { sha256, source: 'ocsp', words: single.status === 'revoked' ? 'dijawab dicabut' : single.status === 'good' ? 'dijawab belum dicabut' : 'dijawab tidak dikenal', thisUpdate: single.thisUpdate.toISOString() }
  } catch {
    // Neither.
  }
  return { sha256, source: 'unknown', words: 'berkas lain' }
}
