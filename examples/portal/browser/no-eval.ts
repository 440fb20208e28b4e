// The schema library inside the SDK tries once whether `new Function` is allowed; the policy of these pages forbids it and would report the trial.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })

export {}
