import { readFile, writeFile } from 'node:fs/promises'
import { toHex } from '../encoding/hex.ts'
import { isLanguage, type Language } from '../i18n/languages.ts'
import { renderCheckerFile } from '../site/checker-file.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { createAssets } from '../ui/assets.ts'
import { MAX_POLICY_BYTES } from '../verify/logged-files.ts'
import { runCommand } from './command-line.ts'
import { sha256 } from './world.ts'

const HELP = `Usage: avow verify-file --out FILE.html --policy FILE [--lang en|zh-hans|zh-hant]

Writes the checker of the verify page as one file to carry and to keep: opened from a disk or a stick it checks a folder,
a site by its address, or a proof, in the reader's browser, in three languages. It loads nothing from anywhere.

  --out FILE.html   where to write it
  --policy FILE     what it judges by, until its reader chooses another policy
  --lang            the language it opens in (en)

Prints the SHA-256 of the file: publish it where readers can compare.

Exit: 0 written, 1 something is wrong with the policy or the place, 2 a mistake in the command line.
`

/** `avow verify-file`: the checker as one file. */
export async function verifyFileCommand(args: readonly string[]): Promise<number> {
  return runCommand(args, process, {
    name: 'verify-file',
    help: HELP,
    shapes: { out: { type: 'string' }, policy: { type: 'string' }, lang: { type: 'string' } },
    read: ({ values: { out, policy, lang = 'en' } }) => {
      if (!isLanguage(lang)) return `no language "${lang}"`
      if (out === undefined || policy === undefined) return 'give --out and --policy'
      return { out, policy, language: lang }
    },
    run: async ({ out, policy, language }) => {
      const bytes = await makeCheckerFile(policy, language)
      await writeFile(out, bytes)
      process.stdout.write(`${toHex(sha256(bytes))}  ${out}\n`)
      return 0
    },
    afterFailure: 'Nothing was written.\n',
  })
}

async function makeCheckerFile(policyFile: string, language: Language): Promise<Uint8Array> {
  const policy = await readFile(policyFile, 'utf8')
  if (policy.length > MAX_POLICY_BYTES) throw new RangeError('the policy is too large')
  parsePolicy(policy)
  const assets = await createAssets()
  const { bytes } = await assets.bundle(new URL('../site/verify-app/main.ts', import.meta.url))
  return renderCheckerFile({ language, policy, assets, script: bytes })
}
