import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { isLanguage, type Language, languages } from '../i18n/languages.ts'
import { makePartnerPage } from '../offline-form/make-partner-page.ts'
import { createAssets } from '../ui/assets.ts'
import { runCommand } from './command-line.ts'
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
}

export async function partnerPageCommand(
  args: readonly string[],
  io: { readonly stdout: Output; readonly stderr: Output } = process,
): Promise<number> {
  return runCommand(args, io, {
    name: 'partner-page',
    help: HELP,
    shapes: { out: { type: 'string' }, intake: { type: 'string' }, lang: { type: 'string' } },
    read: ({ values: { out, intake = '', lang = languages[0] ?? 'en' } }) => {
      if (!isLanguage(lang)) return `--lang is one of ${languages.join(', ')}`
      if (out === undefined) return 'give --out FOLDER'
      if (!/^https?:$/.test(URL.canParse(intake) ? new URL(intake).protocol : '')) {
        return 'give --intake URL, the address of this register’s site'
      }
      return { out, intake, language: lang }
    },
    run: async (options) => {
      await write(options, io.stdout)
      return 0
    },
  })
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
