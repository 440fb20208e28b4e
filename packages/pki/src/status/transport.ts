/** One HTTP exchange, without redirects and caches: the seam between the fetcher's rules and what really connects. */
export interface TransportRequest {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly signal: AbortSignal
  /** Judges every address at connection time; undefined: any. Only for transports that resolve names themselves. */
  readonly mayConnect: (address: string) => boolean
}

export interface TransportResponse {
  readonly status: number
  header(name: string): string | undefined
  readonly body: AsyncIterable<Uint8Array>
}

export type Transport = (request: TransportRequest) => Promise<TransportResponse>

/** The `name` of the error by which a transport tells that the rules forbid every address of a host. */
export type AddressRefusedName = 'AddressRefused'
