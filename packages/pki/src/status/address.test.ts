import { expect, it } from 'vitest'
import { addressKind, type AddressKind } from './address.js'

const table: readonly (readonly [string, AddressKind | undefined])[] = [
  ['8.8.8.8', 'public'], ['127.0.0.1', 'loopback'], ['127.255.0.3', 'loopback'], ['10.1.2.3', 'private'], ['172.16.0.1', 'private'], ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'], ['100.64.0.1', 'private'], ['100.128.0.1', 'public'], ['169.254.169.254', 'forbidden'], ['0.0.0.0', 'forbidden'],
  ['224.0.0.1', 'forbidden'], ['255.255.255.255', 'forbidden'], ['198.19.0.1', 'forbidden'], ['192.0.2.1', 'forbidden'],
  ['::1', 'loopback'], ['[::1]', 'loopback'], ['::', 'forbidden'], ['fe80::1%eth0', 'forbidden'], ['fd00::1', 'private'], ['ff02::1', 'forbidden'],
  ['2606:4700::1111', 'public'], ['2001:db8::1', 'forbidden'], ['2001::1', 'forbidden'], ['::ffff:127.0.0.1', 'loopback'], ['::ffff:10.0.0.1', 'private'],
  ['::ffff:a9fe:a9fe', 'forbidden'], ['::ffff:8.8.8.8', 'public'], ['64:ff9b::7f00:1', 'loopback'], ['64:ff9b::808:808', 'public'], ['64:ff9b:1::1', 'forbidden'],
  ['2002:7f00:1::', 'loopback'], ['2002:808:808::', 'public'], ['fec0::1', 'forbidden'], ['::127.0.0.1', 'loopback'],
  ['contoh.test', undefined], ['256.1.1.1', undefined], ['1.2.3', undefined], [':::', undefined], ['1::2::3', undefined], ['12345::', undefined],
]

it.each(table)('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind)
})
