import { exitCodes } from '../exit-codes.js'
import { InputError } from '../input.js'
import type { CommandSpec } from '../program.js'

/** What a shell may offer at one place of the command line. */
export interface Offer {
  /** Words before the cursor, such as `desk approve`. */
  readonly after: string
  readonly words: readonly string[]
}

/** Every place of the command line and what may follow, from the table of commands itself. */
export function offers(specs: readonly CommandSpec[]): readonly Offer[] {
  const found = new Map<string, Set<string>>([['', new Set()]])
  const at = (place: string): Set<string> => {
    const known = found.get(place) ?? new Set<string>()
    found.set(place, known)
    return known
  }
  for (const { usage, options = [] } of specs) {
    const words = usage.split(' ').filter((word) => !/^[<[]/.test(word))
    words.forEach((word, index) => at(words.slice(0, index).join(' ')).add(word))
    for (const { flags } of options) at(words.join(' ')).add(flags.split(/[ ,]/)[0] ?? flags)
    for (const flag of ['--json', '--lang', '--help']) at(words.join(' ')).add(flag)
  }
  return [...found].map(([after, words]) => ({ after, words: [...words] }))
}

const scripts: Readonly<Record<string, (all: readonly Offer[]) => string>> = {
  bash: (all) => `# source <(cabut completion bash)
_cabut() {
  local words="" word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do case "$word" in -*) ;; *) words="\${words:+$words }$word";; esac; done
  local offers=""
  while :; do
    case "$words" in
${all.map(({ after, words }) => `      ${quoted(after)}) offers=${quoted(words.join(' '))};;`).join('\n')}
    esac
    [ -n "$offers" ] || [ -z "$words" ] && break
    case "$words" in *' '*) words="\${words% *}";; *) words="";; esac
  done
  COMPREPLY=($(compgen -W "$offers" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _cabut cabut
`,
  zsh: (all) => `#compdef cabut
autoload -U +X bashcompinit && bashcompinit
${scripts['bash']?.(all) ?? ''}`,
  fish: (all) => `# cabut completion fish | source
function __cabut_after
  set -l words (string match -v -- '-*' (commandline -opc)[2..-1])
  test "$words" = "$argv"; or string match -q -- "$argv *" "$words"; and test -n "$argv"
end
${all.flatMap(({ after, words }) => words.map((word) => (word.startsWith('--')
    ? `complete -c cabut -n ${quoted(`__cabut_after ${after}`)} -l ${word.slice(2)}`
    : `complete -c cabut -f -n ${quoted(`test "(string match -v -- '-*' (commandline -opc)[2..-1])" = "${after}"`)} -a ${word}`))).join('\n')}
`,
}

/** `cabut completion SHELL`: completion for bash, zsh or fish, made from the table of commands. */
export function completionCommand(specs: () => readonly CommandSpec[]): CommandSpec {
  return {
    usage: 'completion <shell>',
    summary: { id: 'cetak pelengkap perintah untuk bash, zsh, atau fish', en: 'print completion for bash, zsh or fish' },
    async run(console, [shell = '']) {
      const script = Object.hasOwn(scripts, shell) ? scripts[shell] : undefined
      if (script === undefined) throw new InputError({ id: `shell: ${Object.keys(scripts).join(', ')}`, en: `shell: ${Object.keys(scripts).join(', ')}` })
      const text = script(offers(specs()))
      console.document({ shell, script: text })
      console.line(text.trimEnd())
      return exitCodes.good
    },
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
