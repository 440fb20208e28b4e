import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { roleNames } from '@cabut/sdk/standard'
import { routes } from '../src/route/index.js'
import { mapping, openPortal, type Filed, type Portal, type TestPerson } from './portal.js'
import { accessFile, accessPage, sightOf } from './write-access.js'

let portal: Portal
let filed: Filed
const everyRole = roleNames.filter((role) => role !== 'system' && role !== 'bsre')
beforeAll(async () => {
  portal = await openPortal()
  filed = await portal.filed()
})
afterAll(async () => portal.close())

it('the committed page is what the code says', () => {
  // The cells below it are walked and compared among the heavy tests.
  expect(readFileSync(accessFile, 'utf8').startsWith(accessPage())).toBe(true)
})

const claimOf = (role: string): string | undefined => Object.entries(mapping.roleNames).find(([, name]) => name === role)?.[0]
const tested = everyRole.filter((role) => claimOf(role) !== undefined)

it(`every route of a request x ${tested.length} roles x own and foreign OPD: seen or not as the page says`, async () => {
  let cells = 0
  for (const role of tested) {
    const sight = sightOf(role)
    for (const opd of ['dindik', 'dinkes']) {
      const person: TestPerson = { sub: `orang.${role}`, opd, roles: [claimOf(role) as string] }
      const sees = sight === 'all' || (sight === 'office' && opd === 'dindik')
      for (const row of routes.filter(({ path, tag }) => path.includes('{id}') && tag !== 'complaints')) {
        // An If-Match that never fits: what is seen stops there, and nothing is changed on the way.
        const answer = await portal.call(row.method.toUpperCase(), row.path.replace('{id}', filed.id).replace('{sha256}', filed.json['letters'] === undefined ? '' : (filed.json['letters'] as { sha256: string }[])[0]?.sha256 as string), {
          as: person, ifMatch: '"0"', ...(row.body?.media === 'json' ? { json: {} } : {}),
        })
        const hidden = answer.status === 404
        expect(hidden, `${role} of ${opd} at ${row.operationId}: ${answer.status}`).toBe(!sees)
        await answer.body?.cancel()
        cells++
      }
    }
  }
  expect(cells).toBe(tested.length * 2 * routes.filter(({ path, tag }) => path.includes('{id}') && tag !== 'complaints').length)
  expect((await portal.desk.get(filed.id)).version).toBe(Number(filed.etag.replaceAll('"', '')))
})
