import { writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { openapiDocument } from '../src/openapi/document.js'
import { routes } from '../src/route/index.js'

/** Where the committed document lives. */
export const openapiFile: URL = new URL('../../../docs/openapi/spbe.yaml', import.meta.url)

/** The document as it is committed. */
export function openapiYaml(): string {
  return `# Generated from packages/spbe/src/route by \`npx tsx --conditions=@cabut/source packages/spbe/test/write-openapi.ts\`; a test compares.\n${stringify(openapiDocument(routes, ''), { lineWidth: 0, aliasDuplicateObjects: false })}`
}

if (process.argv[1]?.endsWith('write-openapi.ts') === true) writeFileSync(openapiFile, openapiYaml())
