// The peers' ASN.1 readers refuse more than 10,000 elements or 16 MB; their speed on large CRLs can only be measured with those caps lifted while loading.
import { readFileSync } from 'node:fs'
import Module, { register } from 'node:module'

const caps = [[/DEFAULT_MAX_NODES = (?:1e4|10000)/, 'DEFAULT_MAX_NODES = 1e9'], [/options\.maxNodes \?\? 1e4/, 'options.maxNodes ?? 1e9'], [/DEFAULT_MAX_CONTENT_LENGTH = (?:16777216|16 \* 1024 \* 1024)/, 'DEFAULT_MAX_CONTENT_LENGTH = 2 ** 31']]
const lifted = (source) => caps.reduce((text, [cap, other]) => text.replace(cap, other), source)

const ordinary = Module._extensions['.js']
Module._extensions['.js'] = (module, file) => (/asn1js[\\/]build/.test(file) ? module._compile(lifted(readFileSync(file, 'utf8')), file) : ordinary(module, file))

const hook = `
const caps = [${caps.map(([cap, other]) => `[${cap}, ${JSON.stringify(other)}]`).join(', ')}]
export async function load(url, context, next) {
  const result = await next(url, context)
  if (result.format !== 'module' || !/asn1js\\/build/.test(url)) return result
  return { ...result, source: caps.reduce((text, [cap, other]) => text.replace(cap, other), String(result.source)) }
}`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
