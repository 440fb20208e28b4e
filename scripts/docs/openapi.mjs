// An OpenAPI 3.1 contract as one readable page: operations, what goes in, what comes out, the schemas.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const escape = (text) => String(text ?? '').replace(/\|/g, '\\|').replace(/\s*\n\s*/g, ' ').replace(/</g, '&lt;').replace(/\{\{/g, '&#123;&#123;')
const nameOf = (ref) => ref.split('/').at(-1)
const methods = ['get', 'post', 'put', 'patch', 'delete']

function shape(schema, depth = 0) {
  if (schema === undefined) return ''
  if (schema === true) return 'anything'
  if (schema.$ref !== undefined) return `[${nameOf(schema.$ref)}](#${nameOf(schema.$ref).toLowerCase()})`
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``
  if (schema.enum !== undefined) return schema.enum.map((one) => `\`${one}\``).join(', ')
  for (const many of ['oneOf', 'anyOf', 'allOf']) if (schema[many] !== undefined) return schema[many].map((one) => shape(one, depth + 1)).join(many === 'allOf' ? ' and ' : ' or ')
  if (schema.type === 'array') return `list of ${shape(schema.items, depth + 1)}`
  if (schema.type === 'object' && depth > 0 && schema.properties !== undefined) return `{ ${Object.entries(schema.properties).map(([name, one]) => `${name}: ${shape(one, depth + 1)}`).join('; ')} }`
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : schema.type ?? 'anything'
  const bounds = [['minLength', '>='], ['maxLength', '<='], ['minimum', '>='], ['maximum', '<=']].filter(([key]) => schema[key] !== undefined).map(([key, sign]) => `${sign} ${schema[key]}`)
  return [type, schema.format, ...bounds, schema.pattern === undefined ? undefined : `\`${escape(schema.pattern)}\``].filter((part) => part !== undefined).join(', ')
}

function resolveRef(contract, value) {
  return value?.$ref === undefined ? value : value.$ref.slice(2).split('/').reduce((inside, key) => inside?.[key], contract)
}

export function renderContract(root, path, language) {
  const contract = parse(readFileSync(join(root, path), 'utf8'))
  const assumed = /ASSUMED/.test(contract.info.title) || /ASSUMED/.test(contract.info.description ?? '')
  const lines = [`# ${contract.info.title}`, '']
  if (assumed) lines.push('::: warning ASSUMED / ANDAIAN', language === 'id'
    ? 'BSSN/BSrE tidak menerbitkan API AMS. Kontrak ini milik Cabut sendiri; jangan dibaca sebagai uraian AMS yang sebenarnya. Yang diambil dari fakta publik dan yang diandaikan disebut di bawah.'
    : 'BSSN/BSrE publish no API of AMS. This contract is our own; it describes no real application. What comes from public facts and what is assumed is said below.', ':::', '')
  lines.push(`${language === 'id' ? 'Ditulis dari' : 'Written from'} \`${path}\`, OpenAPI ${contract.openapi}, ${contract.info.version}.`, '', harmless(contract.info.description ?? ''), '')
  lines.push(`## ${language === 'id' ? 'Operasi' : 'Operations'}`, '')
  for (const [route, item] of Object.entries(contract.paths)) for (const method of methods) {
    const operation = item[method]
    if (operation === undefined) continue
    lines.push(`### ${method.toUpperCase()} ${route.replace(/[{}]/g, (brace) => `&#${brace.charCodeAt(0)};`)}`, '', `**${escape(operation.summary ?? operation.operationId ?? '')}**${assumed ? ' <span class="assumed">ASSUMED</span>' : ''}`, '', harmless(operation.description ?? ''), '')
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((one) => resolveRef(contract, one)).filter((one) => one !== undefined)
    if (parameters.length > 0) lines.push('| parameter | in | required | value |', '|---|---|---|---|', ...parameters.map(({ name, in: where, required, schema, description }) => `| \`${name}\` | ${where} | ${required === true ? 'yes' : 'no'} | ${shape(schema)}${description === undefined ? '' : `. ${escape(description)}`} |`), '')
    for (const [type, { schema }] of Object.entries(resolveRef(contract, operation.requestBody)?.content ?? {})) lines.push(`Body: \`${type}\`, ${shape(schema)}`, '')
    lines.push('| answer | what | body |', '|---|---|---|', ...Object.entries(operation.responses ?? {}).map(([status, answer]) => {
      const real = resolveRef(contract, answer)
      return `| ${status} | ${escape(real?.description)} | ${Object.entries(real?.content ?? {}).map(([type, { schema }]) => `\`${type}\` ${shape(schema)}`).join('; ')} |`
    }), '')
  }
  const schemas = Object.entries(contract.components?.schemas ?? {})
  if (schemas.length > 0) lines.push(`## ${language === 'id' ? 'Skema' : 'Schemas'}`, '')
  for (const [name, schema] of schemas) {
    lines.push(`### ${name}`, '', harmless(schema.description ?? ''), '')
    const required = new Set(schema.required ?? [])
    if (schema.properties === undefined) lines.push(shape(schema), '')
    else lines.push('| field | required | value |', '|---|---|---|', ...Object.entries(schema.properties).map(([field, one]) => `| \`${field}\` | ${required.has(field) ? 'yes' : 'no'} | ${shape(one, 1)}${one.description === undefined ? '' : `. ${escape(one.description)}`} |`), '')
  }
  return `${lines.join('\n')}\n`
}

function harmless(text) {
  return text.replace(/<(?=[a-z/])/gi, '&lt;').replace(/\{\{/g, '&#123;&#123;')
}
