import { requireSession, text, viewOf, type Portal, type Rooms } from '../visit.js'
import { ask, forward } from '../back.js'
import { interfacePath } from '../office.js'
import { checkPage, homePage, loggedOutPage, loginPage, standardPage } from '../page/public.js'
import { surveyPage } from '../page/survey.js'
import type { SurveyAnswer } from '@cabut/sdk/report'

/** Pages for everybody, login, survey, and the reading interface of the components. */
export function publicRoutes(app: Portal, { office, sessions }: Rooms): void {
  app.get('/', (c) => c.html(homePage(viewOf(office, c))))
  app.get('/standar', (c) => c.html(standardPage(viewOf(office, c))))
  app.get('/periksa', (c) => c.html(checkPage(viewOf(office, c))))
  app.get('/masuk', (c) => {
    const next = inside(c.req.query('lanjut'))
    return office.settings.login === undefined ? c.html(loginPage(viewOf(office, c), next)) : c.redirect(`${interfacePath}/session/login?return=${encodeURIComponent(next)}`, 302)
  })
  app.post('/masuk', (c) => {
    if (office.settings.login !== undefined) return c.notFound()
    const form = c.get('form')
    const [id, role] = text(form, 'siapa').split(' ')
    const person = office.people.find((one) => one.id === id)
    const found = person?.roles.find((one) => one === role)
    if (person === undefined || found === undefined) return c.html(loginPage(viewOf(office, c), inside(text(form, 'lanjut')), 'Pilih salah satu orang.'), 400)
    sessions.end(c.req.header('cookie'))
    c.header('Set-Cookie', sessions.open(person, found))
    return c.redirect(inside(text(form, 'lanjut')), 303)
  })
  app.post('/keluar', async (c) => {
    const session = c.get('session')
    if (office.settings.login !== undefined && session !== undefined) {
      const { origin = '' } = office.settings
      const answer = await office.handler.fetch(new Request(`${origin}${interfacePath}/session/logout`, { method: 'POST', headers: { cookie: c.req.header('cookie') ?? '', 'cabut-csrf': session.csrf, origin } }))
      const cookie = answer.headers.get('set-cookie')
      if (cookie !== null) c.header('Set-Cookie', cookie)
      const { redirect } = await answer.json() as { redirect?: string | null }
      c.set('session', undefined)
      return c.html(loggedOutPage(viewOf(office, c), redirect ?? undefined))
    }
    c.header('Set-Cookie', sessions.end(c.req.header('cookie')))
    return c.redirect('/', 303)
  })

  app.get('/survei/:ticket', (c) => c.html(surveyPage(viewOf(office, c), c.req.param('ticket'), office.survey.open(c.req.param('ticket')) ? 'open' : 'closed')))
  app.post('/survei/:ticket', (c) => {
    const ticket = c.req.param('ticket')
    const scores = Array.from({ length: 9 }, (_, at) => Number(text(c.get('form'), `u${at + 1}`)))
    if (scores.some((score) => ![1, 2, 3, 4].includes(score))) return c.html(surveyPage(viewOf(office, c), ticket, office.survey.open(ticket) ? 'incomplete' : 'closed'), 400)
    return c.html(surveyPage(viewOf(office, c), ticket, office.survey.answer(ticket, scores as unknown as SurveyAnswer) ? 'done' : 'closed'))
  })

  // A token for a component on a page of this origin: one person, one request, ten minutes.
  app.get('/cabut/token', async (c) => {
    const session = c.get('session')
    if (session === undefined) return c.json({ code: 'spbeTokenMissing' }, 401)
    const requestId = c.req.query('permohonan')
    const answer = await ask<{ token: string }>(office, session, '/embed-tokens', { json: requestId === undefined ? { scope: 'file' } : { scope: 'read', requestId } })
    return answer.ok ? c.json({ token: answer.value.token }) : c.json(answer.problem, answer.status as 403)
  })

  // What the status component reads, by the session instead of a token. Reading only.
  app.get('/api/v1/*', async (c) => {
    const session = requireSession(c)
    if (session instanceof Response) return c.json({ code: 'spbeTokenMissing' }, 401)
    const { pathname, search } = new URL(c.req.url)
    const passed = ['if-none-match', 'last-event-id'].flatMap((name) => { const value = c.req.header(name); return value === undefined ? [] : [[name, value]] })
    const answer = await forward(office, session, `${pathname.slice('/api/v1'.length)}${search}`, { headers: Object.fromEntries(passed) as Record<string, string> }, c.req.raw.signal)
    return new Response(answer.body, { status: answer.status, headers: answer.headers })
  })
}

/** A path of this portal, whatever somebody put there. */
function inside(path: string | undefined): string {
  return path !== undefined && /^\/(?![/\\])[\w./~-]*$/.test(path) ? path : '/permohonan'
}
