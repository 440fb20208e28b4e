import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import Ajv2020 from 'ajv/dist/2020.js'
import * as formats from 'ajv-formats'
import { errorTable } from '@cabut/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { routes } from '../src/route/index.js'
import { findings, openPortal, people, type Portal } from './portal.js'
import { openapiFile, openapiYaml } from './write-openapi.js'
import { phpClient, phpClientFile } from './write-php-client.js'

interface Operation { readonly operationId: string; readonly security: unknown[]; readonly responses: Record<string, { content?: Record<string, { schema: object }> }>; readonly parameters?: { name: string; in: string; required?: boolean }[] }
type Document = { readonly openapi: string; readonly paths: Record<string, Record<string, Operation>>; readonly components: { readonly schemas: Record<string, object> } }

let portal: Portal
let document: Document
beforeAll(async () => {
  portal = await openPortal()
  document = portal.handler.openapi as unknown as Document
})
afterAll(async () => portal.close())

describe('OpenAPI 3.1', () => {
  it('the committed file is what the code generates, and what is served', async () => {
    expect(openapiYaml()).toBe(readFileSync(openapiFile, 'utf8'))
    expect(await (await portal.call('GET', '/openapi.json')).json()).toEqual(JSON.parse(JSON.stringify(document)))
    expect(document.openapi).toBe('3.1.1')
  })

  it('the committed PHP client is what the document gives', () => {
    expect(phpClient()).toBe(readFileSync(phpClientFile, 'utf8'))
  })

  it('a linter finds nothing', async () => {
    const config = await createConfig({ extends: ['recommended'], rules: { 'operation-4xx-response': 'error', 'operation-operationId-unique': 'error', 'no-server-example.com': 'error' } })
    const problems = await lintFromString({ source: readFileSync(openapiFile, 'utf8'), config })
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`)).toEqual([])
  })

  it('the linter would find something', async () => {
    const config = await createConfig({ extends: ['recommended'] })
    const broken = readFileSync(openapiFile, 'utf8').replaceAll("'#/components/schemas/Request'", "'#/components/schemas/TidakAda'").replaceAll('"#/components/schemas/Request"', '"#/components/schemas/TidakAda"')
    expect((await lintFromString({ source: broken, config })).length).toBeGreaterThan(0)
  })

  it('every route of the table, with its security, key, version and problems', () => {
    for (const row of routes) {
      const operation = document.paths[row.path]?.[row.method]
      expect(operation, `${row.method} ${row.path}`).toBeDefined()
      const { security, parameters = [], responses, operationId } = operation as Operation
      expect(operationId).toBe(row.operationId)
      expect(security).toEqual(row.access === 'public' ? [] : [{ bearer: [] }])
      const required = parameters.filter((one) => one.required === true).map(({ name }) => name)
      expect(required.includes('Idempotency-Key'), row.operationId).toBe(row.writes === true)
      expect(required.includes('If-Match'), row.operationId).toBe(row.ifMatch === true)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(row.access === 'public' ? ['200', '500'] : ['401', '403', '500', '503']))
      expect(row.method === 'post').toBe(row.writes === true)
    }
    expect(Object.values(document.paths).flatMap((path) => Object.keys(path))).toHaveLength(routes.length)
    expect(errorTable.spbeInternal.httpStatus).toBe(500)
  })

  it('what is answered in a whole service fits the document', async () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: true })
    const addFormats = (formats as unknown as { default: { default?: (ajv: Ajv2020) => void } & ((ajv: Ajv2020) => void) }).default
    ;(addFormats.default ?? addFormats)(ajv)
    ajv.addSchema({ $id: 'doc', components: document.components })
    const fits = async (operationId: string, answer: Response): Promise<Record<string, unknown>> => {
      const operation = Object.values(document.paths).flatMap((path) => Object.values(path)).find((one) => one.operationId === operationId) as Operation
      const body = await answer.json() as Record<string, unknown>
      const content = operation.responses[String(answer.status)]?.content?.[answer.headers.get('content-type') as string]
      expect(content, `${operationId} ${answer.status} ${JSON.stringify(body)}`).toBeDefined()
      const schema = JSON.parse(JSON.stringify(content?.schema).replaceAll('"#/components/', '"doc#/components/')) as object
      const validate = ajv.compile(schema)
      expect(validate(body) || validate.errors, operationId).toBe(true)
      return body
    }
    const leaf = await portal.issue('surya.wibisana')
    const filed = await fits('fileRequest', await portal.call('POST', '/v1/requests', { as: people.opd, form: await portal.filing(leaf) }))
    const path = `/v1/requests/${filed['id'] as string}`
    await portal.pass(0)
    await fits('disposeRequest', await portal.call('POST', `${path}/dispose`, { as: people.head, json: { to: 'tegar.maulana' }, ifMatch: '*' }))
    await fits('approveRequest', await portal.call('POST', `${path}/approve`, { as: people.verifier, json: {}, ifMatch: '*' }))
    await fits('approveRequest', await portal.call('POST', `${path}/approve`, { as: people.verifier, json: { findings }, ifMatch: '"1"' }))
    await fits('approveRequest', await portal.call('POST', `${path}/approve`, { as: people.verifier, json: { findings }, ifMatch: '*' }))
    await portal.pass(3 * 3_600_000, 600_000)
    const done = await fits('readRequest', await portal.call('GET', path, { as: people.opd }))
    expect(done['status']).toBe('closed')
    await fits('readTicket', await portal.call('GET', `${path}/ticket`, { as: people.opd }))
    await fits('readHistory', await portal.call('GET', `${path}/history`, { as: people.opd }))
    await fits('readPersonal', await portal.call('GET', `${path}/personal`, { as: people.opd }))
    await fits('listRequests', await portal.call('GET', '/v1/requests', { as: people.opd }))
    await fits('readStandard', await portal.call('GET', '/v1/standard'))
    await fits('readReasons', await portal.call('GET', '/v1/reasons'))
    await fits('live', await portal.call('GET', '/health/live'))
    await fits('readRequest', await portal.call('GET', path, { as: people.stranger }))
    await fits('fileRequest', await portal.call('POST', '/v1/requests', { as: people.opd, json: {} }))
    const complaint = await fits('fileComplaint', await portal.call('POST', '/v1/complaints', { as: people.opd, json: { channel: 'srikandi', class: 'ringan', text: 'x' } }))
    await fits('readComplaint', await portal.call('GET', `/v1/complaints/${complaint['id'] as string}`, { as: people.opd }))
  })
})
