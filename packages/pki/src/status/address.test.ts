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
  // Both ends of every special block, and the neighbours outside.
  ['126.255.255.255', 'public'], ['127.0.0.0', 'loopback'], ['127.255.255.255', 'loopback'], ['128.0.0.0', 'public'],
  ['9.255.255.255', 'public'], ['10.0.0.0', 'private'], ['10.255.255.255', 'private'], ['11.0.0.0', 'public'],
  ['172.15.255.255', 'public'], ['172.16.0.0', 'private'], ['172.31.255.255', 'private'],
  ['192.167.255.255', 'public'], ['192.168.0.0', 'private'], ['192.168.255.255', 'private'], ['192.169.0.0', 'public'],
  ['100.63.255.255', 'public'], ['100.64.0.0', 'private'], ['100.127.255.255', 'private'],
  ['0.255.255.255', 'forbidden'], ['1.0.0.0', 'public'], ['169.253.255.255', 'public'], ['169.254.0.0', 'forbidden'], ['169.254.255.255', 'forbidden'], ['169.255.0.0', 'public'],
  ['191.255.255.255', 'public'], ['192.0.0.0', 'forbidden'], ['192.0.0.255', 'forbidden'], ['192.0.1.0', 'public'], ['192.0.1.255', 'public'], ['192.0.2.0', 'forbidden'], ['192.0.2.255', 'forbidden'], ['192.0.3.0', 'public'],
  ['198.17.255.255', 'public'], ['198.18.0.0', 'forbidden'], ['198.19.255.255', 'forbidden'], ['198.20.0.0', 'public'],
  ['198.51.99.255', 'public'], ['198.51.100.0', 'forbidden'], ['198.51.100.255', 'forbidden'], ['198.51.101.0', 'public'],
  ['203.0.112.255', 'public'], ['203.0.113.0', 'forbidden'], ['203.0.113.255', 'forbidden'], ['203.0.114.0', 'public'], ['223.255.255.255', 'public'], ['224.0.0.0', 'forbidden'],
  ['::2', 'forbidden'], ['::1:0', 'forbidden'], ['::1:0:1', 'forbidden'], ['1::1', 'forbidden'], ['::808:808', 'public'], ['::ffff:808:808', 'public'], ['::fffe:808:808', 'forbidden'], ['::1:ffff:808:808', 'forbidden'],
  ['1::ffff:808:808', 'forbidden'], ['64:ff9b:0:0:0:1:808:808', 'forbidden'], ['64:ff9b::a9fe:a9fe', 'forbidden'], ['64:ff9a::808:808', 'forbidden'], ['65:ff9b::808:808', 'forbidden'],
  ['2002:a9fe:a9fe::1', 'forbidden'], ['2002:a00:1::808:808', 'private'], ['2003::1', 'public'], ['fc00::', 'private'], ['fdff:ffff::1', 'private'], ['fbff::1', 'forbidden'], ['fe00::1', 'forbidden'],
  ['1fff::1', 'forbidden'], ['2000::', 'public'], ['3fff::1', 'public'], ['4000::1', 'forbidden'], ['2001:1ff::1', 'forbidden'], ['2001:200::1', 'public'], ['2001:db7::1', 'public'], ['2001:db9::1', 'public'], ['2002:db8:1::', 'public'],
  // Every way to write one.
  ['[2606:4700::1111]', 'public'], ['[2606:4700::1111', undefined], ['2606:4700::1111]', undefined], ['[127.0.0.1]', 'loopback'], ['2606:4700:0:0:0:0:0:1111', 'public'], ['2606:4700:0:0:0:0:1111', undefined],
  ['2606:4700:0:0:0:0:0:0:1111', undefined], ['1:2:3:4:5:6:7::', 'forbidden'], ['1:2:3:4:5:6:7::8', undefined], ['::1:2:3:4:5:6:7', 'forbidden'], ['2606::1:2:3:4:5:6:7', undefined], ['2606:4700::8.8.8.8', 'public'], ['2606:4700::8.8.8.8:1', undefined],
  ['::8.8.8.256', undefined], ['::ABCD:1', 'public'], ['FD00::1', 'private'], ['fe80::1%', 'forbidden'], ['2606::1%eth0%1', 'public'], ['2606::g', undefined], ['g::2606', undefined], ['2606::12345', undefined], ['2606:::1', undefined],
  ['0000:0000:0000:0000:0000:ffff:127.100.100.100', 'loopback'], ['2606:0:0:0:0:0:0:1::g', undefined], ['g::2606:0:0:0:0:0:0:1', undefined],
  ['', undefined], [':', undefined], ['1:', undefined], ['abcd', undefined], ['08.8.8.8', 'public'], ['0008.8.8.8', undefined], ['8.8.8.8.', undefined], ['.8.8.8.8', undefined], ['8.8.8.8a', undefined], ['a8.8.8.8', undefined], ['8.8.8', undefined],
  ['8,8.8.8', undefined], ['255.255.255.256', undefined], ['256.8.8.8', undefined], ['8.256.8.8', undefined], ['8.8.256.8', undefined], ['8.8.8.0008', undefined], ['8.0008.8.8', undefined], ['8.8.0008.8', undefined], ['a.8.8.8', undefined], ['8.a.8.8', undefined], ['8.8.a.8', undefined],
  ['8.8.8.a', undefined], [`2606::${'0'.repeat(40)}1`, undefined], ['contoh.test', undefined], ['256.1.1.1', undefined], ['1.2.3', undefined], [':::', undefined], ['1::2::3', undefined], ['12345::', undefined],
]

it.each(table)('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind)
})
