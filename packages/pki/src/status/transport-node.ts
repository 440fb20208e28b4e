import type { LookupAddress } from 'node:dns'
import type { IncomingMessage, RequestOptions } from 'node:http'
import type { LookupFunction } from 'node:net'
import type { AddressRefusedName, Transport } from './transport.js'

/** An address that the rules forbid, found at connection time. */
class AddressRefused extends Error {
  override readonly name: AddressRefusedName = 'AddressRefused'
}

/** Connects by node:http and node:https; every address is checked in `lookup`, after resolution, so that no second resolution can change it. */
export const defaultTransport: Transport = async ({ url, method, headers, body, signal, mayConnect }) => {
  // Loaded when something is fetched: most programs that import this package never do.
  const [{ lookup: resolve }, { request: connect }] = await Promise.all([import('node:dns'), url.protocol === 'https:' ? import('node:https') : import('node:http')])
  return new Promise((accept, reject) => {
    const lookup: LookupFunction = (hostname, options, callback) => {
      resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
        if (error !== null) return void callback(error, '')
        const allowed = addresses.filter(({ address }) => mayConnect(address))
        const [first] = allowed
        if (first === undefined) return void callback(new AddressRefused('the name resolves to no permitted address'), '')
        if (options.all === true) callback(null, allowed)
        else callback(null, first.address, first.family)
      })
    }
    // No shared agent: a connection that somebody else has opened to that name would be used again without `lookup`.
    const settings: RequestOptions = { agent: false, method, headers: { ...headers, ...(body && { 'content-length': body.length }) }, signal, lookup }
    const request = connect(url, settings, (response: IncomingMessage) => {
      accept({
        status: response.statusCode ?? 0,
        header: (name) => {
          const value = response.headers[name]
          return Array.isArray(value) ? value[0] : value
        },
        body: response,
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}
