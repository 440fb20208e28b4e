import { describe, expect, it } from 'vitest'
import { CabutError } from '../errors.js'
import { canonicalBytes, canonicalJson } from './canonical.js'

function double(hex: string): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setBigUint64(0, BigInt(`0x${hex}`))
  return view.getFloat64(0)
}

describe('RFC 8785 canonical JSON', () => {
  it('3.2.2 and 3.2.4: the sample object and its bytes', () => {
    const input = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`)
    expect(canonicalJson(input)).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    )
    expect(Buffer.from(canonicalBytes(input)).toString('hex')).toMatch(/22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d$/)
  })

  it('3.2.3: members sorted by UTF-16 code units', () => {
    const input = JSON.parse(String.raw`{
      "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
      "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
    }`)
    const order = [...canonicalJson(input).matchAll(/:"([^"]+)"/g)].map((match) => match[1])
    expect(order).toEqual([
      'Carriage Return', 'One', 'Control', 'Latin Small Letter O With Diaeresis', 'Euro Sign', 'Emoji: Grinning Face', 'Hebrew Letter Dalet With Dagesh',
    ])
  })

  it.each([
    ['0000000000000000', '0'], ['8000000000000000', '0'], ['0000000000000001', '5e-324'], ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'], ['ffefffffffffffff', '-1.7976931348623157e+308'], ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'], ['4430000000000000', '295147905179352830000'], ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'], ['44b52d02c7e14af7', '1.0000000000000001e+23'], ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'], ['444b1ae4d6e2ef50', '1e+21'], ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'], ['41b3de4355555553', '333333333.3333332'], ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'], ['41b3de4355555556', '333333333.3333334'], ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'], ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('appendix B: %s is %s', (bits, text) => {
    expect(canonicalJson(double(bits))).toBe(text)
  })

  it.each([
    ['NaN (appendix B)', double('7fffffffffffffff')], ['infinity (appendix B)', double('7ff0000000000000')], ['a lone high surrogate (3.2.2.2)', 'a\ud83d'],
    ['a lone low surrogate (3.2.2.2)', { x: ['\ude00'] }], ['a lone surrogate in a name', { '\ud800': 1 }], ['undefined in an array', [undefined]],
    ['a bigint', 1n], ['a date', new Date(0)], ['a map', new Map()],
  ])('refuses %s', (_name, value) => {
    expect(() => canonicalJson(value as never)).toThrow(expect.objectContaining({ code: 'historyNotJson' }) as CabutError)
  })

  it('leaves out members that are undefined, and stops at 64 levels', () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}')
    let deep: unknown = 1
    for (let level = 0; level < 70; level++) deep = [deep]
    expect(() => canonicalJson(deep as never)).toThrow(expect.objectContaining({ code: 'historyNotJson' }) as CabutError)
  })
})
