import { parseArgs } from 'node:util'
import { keepCookies } from '../desk/client/connection.ts'
import { createDeskClient } from '../desk/client/desk-client.ts'
import { tidyPassphrase } from '../desk/client/passphrase.ts'
import { ImportError } from '../importing/error.ts'
import { loadManifestFile, loadSurveyFile, writeManifestFile } from './import/manifest-file.ts'
import { readPassphrase } from './import/read-passphrase.ts'
import { signManifest } from './import/sign-manifest.ts'
import { surveyText } from './import/survey-text.ts'
import { clock, random } from './world.ts'

const HELP = `Usage: avow import-sign MANIFEST --volunteer NAME --desk URL

Adds a key holder's signature to the manifest of an archive. Shows what is in the archive, asks for the passphrase on
the terminal (or takes the first line of standard input), opens the keyring as the desk does, and writes the signature
into MANIFEST. Run it where you trust the machine: the passphrase and the keys never leave it.

  --volunteer NAME   your name at the desk
  --desk URL         the service's address, such as https://desk.example.org

Exit: 0 signed, 1 not signed, 2 a mistake in the command line.
`

type Output = { readonly write: (text: string) => unknown }
type Options = {
  readonly manifest: string
  readonly volunteer: string
  readonly desk: string
  readonly help: boolean
}

export async function importSignCommand(
  args: readonly string[],
  io: { readonly stdout: Output; readonly stderr: Output } = process,
): Promise<number> {
  const options = readOptions(args)
  if (typeof options === 'string') {
    io.stderr.write(`avow import-sign: ${options}\n\n${HELP}`)
    return 2
  }
  if (options.help) {
    io.stdout.write(HELP)
    return 0
  }
  try {
    await sign(options, io.stdout)
    return 0
  } catch (error) {
    if (!(error instanceof Error)) throw error
    io.stderr.write(`avow import-sign: ${error.message}\n`)
    return 1
  }
}

async function sign({ manifest: path, volunteer, desk: url }: Options, out: Output): Promise<void> {
  const signed = await loadManifestFile(path)
  const { survey, hash } = await loadSurveyFile(path)
  if (hash !== signed.manifest.survey) {
    throw new ImportError('survey_differs', 'the survey is not the one the manifest was made with')
  }
  out.write(surveyText(survey))
  const passphrase = await readPassphrase(`Passphrase of ${volunteer}, to sign this import: `)
  const transport = keepCookies(url.replace(/\/+$/, ''), fetch)
  const desk = await createDeskClient({ transport, random, clock }).unlock(
    volunteer,
    tidyPassphrase(passphrase),
  )
  try {
    const next = signManifest(signed, desk.state)
    await writeManifestFile(path, next)
    out.write(`\nSigned by ${next.signatures.map(({ by }) => by).join(', ')}; two are needed.\n`)
  } finally {
    await desk.logout()
  }
}

function readOptions(args: readonly string[]): Options | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        volunteer: { type: 'string' },
        desk: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
    const [manifest = '', ...more] = positionals
    const { volunteer = '', desk = '', help = false } = values
    if (!help && (manifest === '' || more.length > 0)) return 'give one manifest'
    if (!help && (volunteer === '' || !URL.canParse(desk))) return 'give --volunteer and --desk'
    return { manifest, volunteer, desk, help }
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
