import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { isLanguage, type Language, languages } from '../i18n/languages.ts'
import { makePartnerPage } from '../offline-form/make-partner-page.ts'
import { createAssets } from '../ui/assets.ts'
import { formDataOf, readServedCentre } from './standalone-form.ts'

const HELP = `Usage: avow partner-page --out FOLDER --intake URL [--lang LANGUAGE]

Writes the form as static files for another web site. The page seals in the reader's browser and posts ciphertext to
this register's site; the other site serves the files and learns neither what is typed nor the receipt. Write them anew
when the centre's key changes (docs/operations/partner-page.md).

Needs the folders of a service that was started once (AVOW_DATA, AVOW_SECRETS); no database.

  --out FOLDER      where to write the files
  --intake URL      the address of this register's site, such as https://register.example.org/
  --lang LANGUAGE   ${languages.join(', ')}: the language it opens in (${languages[0]})

Exit: 0 written, 1 not written, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
type Options = {
  readonly out: string
  readonly intake: string
  readonly language: Language
  readonly help: boolean
}

export async function partnerPageCommand(
  args: readonly string[],
  io: { readonly stdout: Output; readonly stderr: Output } = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.stderr.write(`avow partner-page: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    io.stdout.write(HELP)
    return 0
  }
  try {
    await write(options, io.stdout)
    return 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.stderr.write(`avow partner-page: ${error.message}\n`)
    return 1
  }
}

async function write({ out, intake, language }: Options, stdout: Output): Promise<void> {
  const config = await loadConfig(readEnv(process.env))
  const { rootPublicKey, entry } = await readServedCentre(config)
  const words = await formDataOf(config, rootPublicKey)
  const siteUrl = `${intake.replace(/\/+$/, '')}/`
  const options = { ...words, entry, language, siteUrl, sample: config.sample }
  const files = await makePartnerPage(options, await createAssets())
  await mkdir(out, { recursive: true })
  for (const { name, bytes } of files) await writeFile(join(out, name), bytes)
  stdout.write(`${files.length} files in ${out}; ${join(out, 'SHA256SUMS')} names them.\n`)
}

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        out: { type: 'string' },
        intake: { type: 'string' },
        lang: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    const { out = '', intake = '', lang = languages[0] ?? 'en', help = false } = values
    if (!isLanguage(lang)) return `--lang is one of ${languages.join(', ')}`
    if (!help && out === '') return 'give --out FOLDER'
    if (!help && !/^https?:$/.test(URL.canParse(intake) ? new URL(intake).protocol : '')) {
      return 'give --intake URL, the address of this register’s site'
    }
    return { out, intake, language: lang, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
