import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

/**
 * Validates exchanges against docs/openapi/ams.yaml and esign.yaml. For tests inside this repository only: the sandbox's answers and the SDK's requests
 * are held against the same file.
 */

interface Media {
  schema?: object
}
interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: object
  $ref?: string
}
interface Answer {
  content?: Record<string, Media>
  headers?: Record<string, { required?: boolean; schema: object }>
  $ref?: string
}
interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { required?: boolean; content: Record<string, Media> }
  responses: Record<string, Answer>
}

/** One request and its answer, bodies as text. */
export interface RecordedExchange {
  readonly method: string
  /** Path below the AMS base, with query. */
  readonly path: string
  readonly requestHeaders: Headers
  readonly requestBody?: string
  readonly status: number
  readonly responseHeaders: Headers
  readonly responseBody: string
}

type Validate = (exchange: RecordedExchange, options?: { requestToo?: boolean }) => string[]

/** Problems of one exchange with AMS; empty where both sides keep the contract. `requestToo: false` for tests that send wrong input on purpose. */
export const validateExchange: Validate = createContract('ams.yaml', 'Bearer ')
/** The same for the e-Sign Client Service. */
export const validateEsignExchange: Validate = createContract('esign.yaml', 'Basic ')

function createContract(name: string, scheme: string): Validate {
  const file = fileURLToPath(new URL(`../../../docs/openapi/${name}`, import.meta.url))
  const contract = parse(readFileSync(file, 'utf8')) as {
    paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>
    components: object
  }
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true })
  ajv.addVocabulary(['components'])
  ajv.addSchema({ $id: 'contract', components: contract.components })
  const compiled = new Map<string, ValidateFunction>()

  function resolve<T extends { $ref?: string }>(value: T): T {
    if (value.$ref === undefined) return value
    return value.$ref
      .split('/')
      .slice(1)
      .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], contract) as T
  }

  function check(schema: object, value: unknown, where: string): string[] {
    const key = JSON.stringify(schema)
    let validate = compiled.get(key)
    if (validate === undefined)
      compiled.set(key, (validate = ajv.compile(JSON.parse(key.replaceAll('"#/components/', '"contract#/components/')) as object)))
    return validate(value) ? [] : (validate.errors ?? []).map((error) => `${where}${error.instancePath}: ${error.message ?? error.keyword}`)
  }

  function checkJson(media: Media, text: string, where: string): string[] {
    let value: unknown
    try {
      value = JSON.parse(text)
    } catch {
      return [`${where}: not JSON`]
    }
    return check(media.schema ?? {}, value, where)
  }

  function validateExchange(exchange: RecordedExchange, { requestToo = true } = {}): string[] {
    const url = new URL(exchange.path, 'http://contract.invalid')
    const found = operationAt(exchange.method, url.pathname)
    if (found === undefined) return [`no operation ${exchange.method} ${url.pathname}`]
    const { operation, pathParams, common } = found
    return [...(requestToo ? requestProblems(exchange, url, operation, pathParams, common) : []), ...responseProblems(exchange, operation)]
  }

  function operationAt(
    method: string,
    path: string,
  ): { operation: Operation; pathParams: Record<string, string>; common: Parameter[] } | undefined {
    for (const [template, item] of Object.entries(contract.paths)) {
      const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string)
      const match = new RegExp(`^${template.replace(/\{\w+\}/g, '([^/]+)')}$`).exec(path)
      const operation = item[method.toLowerCase()]
      if (match === null || operation === undefined) continue
      return {
        operation,
        pathParams: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] as string)])),
        common: item.parameters ?? [],
      }
    }
    return undefined
  }

  function requestProblems(
    exchange: RecordedExchange,
    url: URL,
    operation: Operation,
    pathParams: Record<string, string>,
    common: Parameter[],
  ): string[] {
    const problems: string[] = []
    const parameters = [...common, ...(operation.parameters ?? [])].map(resolve)
    for (const parameter of parameters) {
      const raw =
        parameter.in === 'query'
          ? url.searchParams.get(parameter.name)
          : parameter.in === 'header'
            ? exchange.requestHeaders.get(parameter.name)
            : (pathParams[parameter.name] ?? null)
      if (raw === null) {
        if (parameter.required === true) problems.push(`${parameter.in} ${parameter.name}: required`)
        continue
      }
      const numeric = resolve(parameter.schema as { $ref?: string; type?: string }).type === 'integer'
      problems.push(...check(parameter.schema, numeric ? Number(raw) : raw, `${parameter.in} ${parameter.name}`))
    }
    const known = new Set(parameters.filter((one) => one.in === 'query').map((one) => one.name))
    for (const name of url.searchParams.keys()) if (!known.has(name)) problems.push(`query ${name}: not in the contract`)
    if (exchange.requestHeaders.get('authorization')?.startsWith(scheme) !== true)
      problems.push(`header authorization: ${scheme.trim()} expected`)
    if (operation.requestBody !== undefined) {
      const type = mediaType(exchange.requestHeaders)
      const media = operation.requestBody.content[type]
      if (media === undefined) problems.push(`request content-type ${type}: not in the contract`)
      else if (type === 'application/json') problems.push(...checkJson(media, exchange.requestBody ?? '', 'request'))
    } else if ((exchange.requestBody ?? '') !== '') problems.push('request: no body expected')
    return problems
  }

  function responseProblems(exchange: RecordedExchange, operation: Operation): string[] {
    const declared = operation.responses[String(exchange.status)] ?? operation.responses[`${Math.floor(exchange.status / 100)}XX`]
    if (declared === undefined) return [`status ${exchange.status}: not in the contract of ${operation.operationId}`]
    const answer = resolve(declared)
    const problems: string[] = []
    for (const [name, header] of Object.entries(answer.headers ?? {})) {
      const value = exchange.responseHeaders.get(name)
      if (value === null) {
        if (header.required === true) problems.push(`response header ${name}: required`)
      } else problems.push(...check(header.schema, value, `response header ${name}`))
    }
    const type = mediaType(exchange.responseHeaders)
    const media = answer.content?.[type] ?? answer.content?.['*/*']
    if (media === undefined) return [...problems, `response content-type ${type}: not in the contract`]
    return answer.content?.['application/json'] === media ? [...problems, ...checkJson(media, exchange.responseBody, 'response')] : problems
  }

  return validateExchange
}

const mediaType = (headers: Headers): string => headers.get('content-type')?.split(';')[0]?.trim() ?? ''

/** Wraps a fetch so that every exchange with AMS is recorded for `validateExchange`. `base` is the AMS base URL. */
export function recordingFetch(inner: typeof fetch, base: string, seen: RecordedExchange[]): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init)
    const requestBody = request.body === null ? undefined : await request.clone().text()
    const response = await inner(request)
    if (!request.url.startsWith(base)) return response
    const text = await response.clone().text()
    seen.push({
      method: request.method,
      path: request.url.slice(base.length),
      requestHeaders: request.headers,
      ...(requestBody === undefined ? {} : { requestBody }),
      status: response.status,
      responseHeaders: response.headers,
      responseBody: text,
    })
    return response
  }
}
