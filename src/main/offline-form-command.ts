import { mkdir, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { loadConfig } from '../config/config.ts'
import { readEnv } from '../config/env.ts'
import { isLanguage, type Language, languages } from '../i18n/languages.ts'
import { makeOfflineForms } from '../offline-form/make-offline-form.ts'
import { formatOfflineNote } from '../offline-form/offline-note.ts'
import { loadLogKeys } from '../register/log-keys.ts'
import { createAssets } from '../ui/assets.ts'
import { runCommand } from './command-line.ts'
import { formDataOf, readServedCentre } from './standalone-form.ts'
import { random } from './world.ts'

const HELP = `Usage: avow offline-form --out FILE [--lang LANGUAGE]

Writes the form as one HTML file that works without any network, in all three languages, and beside it FILE.note: the
file's SHA-256, signed by the key of the declaration log. What is filled in is sealed in the file's own page and comes
out as text, as a file and as a series of codes; anybody may carry it to /<language>/declare/sealed.

The running service offers the very same file there and names its hash in the event log. Needs the folders of a service
that was started once (AVOW_DATA, AVOW_SECRETS) and AVOW_PUBLIC_URL, the address written in the file; no database.

  --out FILE        where to write it
  --lang LANGUAGE   ${languages.join(', ')}: the language it opens in (${languages[0]})

Exit: 0 written, 1 not written, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
type Options = { readonly out: string; readonly language: Language }

export async function offlineFormCommand(
  args: readonly string[],
  io: { readonly stdout: Output; readonly stderr: Output } = process,
): Promise<number> {
  return runCommand(args, io, {
    name: 'offline-form',
    help: HELP,
    shapes: { out: { type: 'string' }, lang: { type: 'string' } },
    read: ({ values: { out, lang = languages[0] ?? 'en' } }) => {
      if (!isLanguage(lang)) return `--lang is one of ${languages.join(', ')}`
      return out === undefined ? 'give --out FILE' : { out, language: lang }
    },
    run: async (options) => {
      await write(options, io.stdout)
      return 0
    },
  })
}

async function write({ out, language }: Options, stdout: Output): Promise<void> {
  const config = await loadConfig(readEnv(process.env))
  const { rootPublicKey, entry } = await readServedCentre(config)
  const words = await formDataOf(config, rootPublicKey)
  const { sample, publicUrl } = config
  const forms = await makeOfflineForms(
    { ...words, entry, sample, siteUrl: `${publicUrl}/` },
    await createAssets(),
  )
  const { bytes, sha256 } = forms[language]
  const { declarations } = await loadLogKeys(config.secretsFolder, config.name, random)
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, bytes)
  const note = formatOfflineNote({ register: config.name, sha256 }, declarations.signer)
  await writeFile(`${out}.note`, note)
  stdout.write(`${out}: ${bytes.length} bytes\nSHA-256 ${sha256}, signed in ${out}.note\n`)
}
