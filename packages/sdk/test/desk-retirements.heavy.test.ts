import { expect, test } from 'vitest'
import { findings, openOffice, people } from './office.js'

const [minute, hour] = [60_000, 3_600_000]
const count = 300
const wib = (text: string): number => Date.parse(`${text}:00.000+07:00`)

test(`${count} retirements approved in December with TMT 1 January 2027, a holiday: none before, all at the next opening, each once`, async () => {
  const here = await openOffice('kabupaten-purbalingga', { sandbox: { bsre: { decide: 'auto' } }, desk: { pace: { proof: 6 * hour, ams: 6 * hour, watch: 10 * 24 * hour } } })
  try {
    const { opd, head, verifier } = people.purbalingga
    here.clock.now = wib('2026-12-22T09:00')
    const letter = await here.letter('requestLetter', 'pensiun')
    const made: { readonly id: string; readonly serial: string }[] = []
    for (let index = 0; index < count; index += 1) {
      const leaf = await here.sandbox.manage.issue({ username: 'surya.wibisana', key: 'shared' })
      const { id } = await here.desk.file({
        certificate: { certificate: leaf.certificatePem, username: 'surya.wibisana' }, reason: 'pensiun', letters: [letter], applicant: { id: opd.id, opd: opd.opd }, effectiveDate: '2027-01-01',
      })
      await here.desk.dispose(id, { as: head, to: verifier })
      await here.desk.approve(id, { as: verifier, findings })
      made.push({ id, serial: leaf.serial })
    }
    const statuses = async (): Promise<ReadonlySet<string>> => new Set(await Promise.all(made.map(async ({ id }) => (await here.desk.get(id)).status)))
    for (const moment of ['2026-12-31T23:59', '2027-01-01T08:00', '2027-01-04T07:29']) {
      here.clock.now = wib(moment)
      await here.desk.runEffects()
      expect(await statuses(), moment).toEqual(new Set(['approved']))
    }
    expect(here.sandbox.manage.revocations()).toHaveLength(0)
    here.clock.now = wib('2027-01-04T07:30')
    await here.desk.runEffects()
    expect([...await statuses()]).not.toContain('approved')
    await here.pass(36 * hour, 6 * hour)
    expect(await statuses()).toEqual(new Set(['closed']))
    for (const { serial } of made) expect(here.sandbox.manage.timesRevoked(serial)).toBe(1)
  } finally {
    await here.close()
  }
}, 30 * minute)
