import { requireSession, text, viewOf, type Portal, type Rooms, type Visit } from '../visit.js'
import { ask, type Answer, type Problem } from '../back.js'
import { complaintActs, complaintKeyPage, complaintPage, complaintsPage, newComplaintPage, type ComplaintJson } from '../page/complaints.js'
import { problemPage } from '../page/public.js'
import type { Session } from '../session.js'

/** A visitor without a login: may complain anonymously, and see nothing else. */
const visitor: Pick<Session, 'person' | 'role'> = { person: { id: 'pengunjung', name: 'Pengunjung', opd: 'umum', office: 'umum', roles: ['applicant'] }, role: 'applicant' }

/** Complaints (component 6). */
export function complaintRoutes(app: Portal, { office }: Rooms): void {
  const caller = (c: Visit): Pick<Session, 'person' | 'role'> => c.get('session') ?? visitor
  const show = (c: Visit, answer: Answer<ComplaintJson>): Response | Promise<Response> => answer.ok ? c.html(complaintPage(viewOf(office, c), answer.value))
    : answer.status === 404 ? c.notFound() : c.html(problemPage(viewOf(office, c), answer.problem.title, answer.problem.detail ?? ''), answer.status as 400)

  app.get('/pengaduan', async (c) => {
    const session = c.get('session')
    const answer = session === undefined ? undefined : await ask<{ items: ComplaintJson[] }>(office, session, '/complaints')
    return c.html(complaintsPage(viewOf(office, c), answer?.ok === true ? answer.value.items : []))
  })
  app.get('/pengaduan/baru', (c) => c.html(newComplaintPage(viewOf(office, c))))
  app.post('/pengaduan', async (c) => {
    const form = c.get('form')
    const session = c.get('session')
    const requestId = text(form, 'permohonan').trim()
    const channels = office.settings.standard.complaints.channels.map(({ kind }) => kind)
    const answer = await ask<ComplaintJson>(office, caller(c), '/complaints', {
      key: text(form, 'kunci'),
      json: {
        // The portal is the service's website; a standard without one is told the nearest channel it has.
        channel: channels.includes('website') ? 'website' : channels.includes('faceToFace') ? 'faceToFace' : channels[0] ?? 'website',
        class: text(form, 'kelas'), text: text(form, 'uraian'), visibility: session === undefined ? 'anonymous' : text(form, 'sifat') || 'open', ...(requestId === '' ? {} : { requestId }),
      },
    })
    if (answer.ok) return c.html(complaintPage(viewOf(office, c), answer.value, { isNew: true }), 201)
    const entered = Object.fromEntries(Object.entries(form).filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
    return c.html(newComplaintPage(viewOf(office, c), entered, answer.problem), answer.status as 400)
  })
  app.get('/pengaduan/lihat', (c) => c.html(complaintKeyPage(viewOf(office, c))))
  app.post('/pengaduan/lihat', async (c) => {
    const form = c.get('form')
    const key = /^[0-9a-f]{64}$/.exec(text(form, 'kode').trim())?.[0]
    const answer = key === undefined ? undefined : await ask<ComplaintJson>(office, caller(c), `/complaints/${encodeURIComponent(text(form, 'id').trim())}`, { headers: { 'complaint-key': key } })
    const problem: Problem = { status: 404, code: 'complaintNotFound', title: 'Nomor atau kunci tidak cocok' }
    return answer?.ok === true ? c.html(complaintPage(viewOf(office, c), answer.value)) : c.html(complaintKeyPage(viewOf(office, c), problem), 404)
  })
  app.get('/pengaduan/:id', async (c) => {
    const session = requireSession(c)
    return session instanceof Response ? session : show(c, await ask<ComplaintJson>(office, session, `/complaints/${encodeURIComponent(c.req.param('id'))}`))
  })
  app.post('/pengaduan/:id/:act', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return session
    const act = Object.hasOwn(complaintActs, c.req.param('act')) ? complaintActs[c.req.param('act')] : undefined
    if (act === undefined) return c.notFound()
    const form = c.get('form')
    const path = `/complaints/${encodeURIComponent(c.req.param('id'))}`
    const value = act.field === undefined ? '' : text(form, act.field).trim()
    const answer = await ask<ComplaintJson>(office, session, `${path}/${act.path}`, { key: text(form, 'kunci'), json: act.field === undefined || value === '' ? {} : { [act.field]: value } })
    if (answer.ok) return c.html(complaintPage(viewOf(office, c), answer.value))
    const now = await ask<ComplaintJson>(office, session, path)
    return now.ok ? c.html(complaintPage(viewOf(office, c), now.value, { problem: answer.problem }), answer.status as 409) : show(c, now)
  })
}
