/** The two languages a person can choose with `--lang`; Indonesian is the default. */
export type Language = 'id' | 'en'

/** One text in both languages. */
export interface Text { readonly id: string; readonly en: string }

/** The language asked for by `--lang`, else by `CABUT_LANG`, else Indonesian. */
export function chooseLanguage(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): Language {
  const position = args.indexOf('--lang')
  const asked = position >= 0 ? args[position + 1] : args.find((arg) => arg.startsWith('--lang='))?.slice('--lang='.length)
  return (asked ?? environment['CABUT_LANG']) === 'en' ? 'en' : 'id'
}
