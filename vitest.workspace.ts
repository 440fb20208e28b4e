import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { configDefaults, defineConfig, type ViteUserConfig } from 'vitest/config'

/** Tests resolve `@cabut/source`, so they run on the sources and never on a stale build. */
const conditions = ['@cabut/source', 'module', 'node', 'development|production']

/** `*.heavy.test.ts`: many processes, most of them killed and started again, and what takes long. `.ci/run` runs them in a lane of their own (`CABUT_HEAVY=1`: those alone). */
const heavy = process.env['CABUT_HEAVY'] === '1'
const exclude = heavy ? configDefaults.exclude : [...configDefaults.exclude, '**/*.heavy.test.ts']

function project(name: string, root: string, extra: Record<string, unknown> = {}): ViteUserConfig {
  return {
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: ['node'] } },
    test: {
      name,
      root,
      environment: 'node',
      // Files of a project share a process and what it has loaded: no file changes what another sees.
      isolate: false,
      include: [heavy ? 'test/**/*.heavy.test.ts' : '{src,test}/**/*.test.ts'],
      exclude,
      testTimeout: 60_000,
      hookTimeout: 60_000,
      setupFiles: [fileURLToPath(new URL('./test/drawn-cases.ts', import.meta.url))],
      ...extra,
      // A limit of the heavy lane ends what hangs; how fast a machine is, it does not judge.
      ...(heavy ? { testTimeout: 400_000, hookTimeout: 400_000 } : {}),
    },
  }
}

export default defineConfig({
  test: {
    globalSetup: [fileURLToPath(new URL('./test/temporary-folder.ts', import.meta.url))],
    // Left to itself vitest keeps one processor free, which on a machine with two halves the speed.
    maxWorkers: Number(process.env['VITEST_MAX_WORKERS'] ?? availableParallelism()),
    projects: [
      project('pki', 'packages/pki'),
      project('sdk', 'packages/sdk'),
      project('sandbox', 'packages/sandbox'),
      project('postgres', 'packages/postgres', { testTimeout: 120_000, hookTimeout: 120_000 }),
      project('srikandi', 'packages/srikandi'),
      project('spbe', 'packages/spbe'),
      project('cli', 'packages/cli', { testTimeout: 60_000 }),
      project('repository', '.', { include: [heavy ? '{test,examples}/**/*.heavy.test.ts' : '{test,examples}/**/*.test.ts'], testTimeout: 120_000 }),
    ],
  },
})
