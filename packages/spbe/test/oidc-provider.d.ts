/** As much of `oidc-provider` as the tests use; it ships no types of its own. */
declare module 'oidc-provider' {
  export class Provider {
    constructor(issuer: string, configuration: {
      readonly findAccount: (context: unknown, id: string) => { readonly accountId: string; claims(): Promise<{ readonly sub: string }> }
      readonly [setting: string]: unknown
    })
    callback(): (request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => void
  }
}
