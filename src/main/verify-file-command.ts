import { readFile, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { toHex } from '../encoding/hex.ts'
import { isLanguage, type Language } from '../i18n/languages.ts'
import { renderCheckerFile } from '../site/checker-file.ts'
import { parsePolicy } from '../tlog/policy.ts'
import { createAssets } from '../ui/assets.ts'
import { MAX_POLICY_BYTES } from '../verify/logged-files.ts'
import { sha256 } from './world.ts'

const HELP = `Usage: avow verify-file --out FILE.html --policy FILE [--lang en|zh-hans|zh-hant]

Writes the checker of the verify page as one file to carry and to keep: opened from a disk or a stick it checks a folder,
a site by its address, or a proof, in the reader's browser, in three languages. It loads nothing from anywhere.

  --out FILE.html   where to write it
  --policy FILE     what it judges by, until its reader chooses another policy
  --lang            the language it opens in (en)

Prints the SHA-256 of the file: publish it where readers can compare.

Exit: 0 written, 2 a mistake in the command line or in the policy.
`

/** `avow verify-file`: the checker as one file. */
export async function verifyFileCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    process.stderr.write(`avow verify-file: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    process.stdout.write(HELP)
    return 0
  }
  try {
    const bytes = await makeCheckerFile(options.policy, options.language)
    await writeFile(options.out, bytes)
    process.stdout.write(`${toHex(sha256(bytes))}  ${options.out}\n`)
    return 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    process.stderr.write(`avow verify-file: ${error.message}\nNothing was written.\n`)
    return 2
  }
}

async function makeCheckerFile(policyFile: string, language: Language): Promise<Uint8Array> {
  const policy = await readFile(policyFile, 'utf8')
  if (policy.length > MAX_POLICY_BYTES) throw new RangeError('the policy is too large')
  parsePolicy(policy)
  const assets = await createAssets()
  const { bytes } = await assets.bundle(new URL('../site/verify-app/main.ts', import.meta.url))
  return renderCheckerFile({ language, policy, assets, script: bytes })
}

function readOptions(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string' },
        policy: { type: 'string' },
        lang: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    const { out = '', policy = '', lang = 'en', help = false } = values
    if (!isLanguage(lang)) return `no language "${lang}"`
    if (!help && (out === '' || policy === '')) return 'give --out and --policy'
    return { out, policy, language: lang, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
