import type { Context, Hono } from 'hono'
import type { Office } from './office.js'
import type { View } from './page/layout.js'
import type { Session, Sessions } from './session.js'

/** What travels with one visit. */
export interface Visited { readonly Variables: { session: Session | undefined; form: Form } }
/** Fields of a submitted form; several files under one name come as an array. */
export type Form = Readonly<Record<string, string | File | (string | File)[]>>
export type Portal = Hono<Visited>
export type Visit = Context<Visited>

/** Routes are added to the portal one room at a time. */
export interface Rooms { readonly office: Office; readonly sessions: Sessions }

/** What pages are drawn with. */
export function viewOf(office: Office, c: Visit): View {
  return { office, session: c.get('session'), path: c.req.path }
}

/** A text field of a form; empty when it is not there. */
export function text(form: Form, name: string): string {
  const value = Object.hasOwn(form, name) ? form[name] : undefined
  return typeof value === 'string' ? value : ''
}

/** The files of a form under one name, empty ones left out. */
export function files(form: Form, name: string): readonly File[] {
  const value = Object.hasOwn(form, name) ? form[name] : undefined
  return (Array.isArray(value) ? value : [value]).filter((one): one is File => one instanceof File && one.size > 0)
}

/** The session, or a way to the login and back. */
export function requireSession(c: Visit): Session | Response {
  return c.get('session') ?? c.redirect(`/masuk?lanjut=${encodeURIComponent(c.req.method === 'GET' ? c.req.path : '/permohonan')}`, 303)
}
