import { resolve } from 'node:path'

export default {
  // Loaded by Node itself, as any library with native parts or its own exports is.
  serverExternalPackages: ['@cabut/spbe', '@cabut/sdk', '@cabut/pki'],
  outputFileTracingRoot: resolve(import.meta.dirname, '..', '..'),
}
