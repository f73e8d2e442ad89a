import { keepCookies } from '../desk/client/connection.ts'
import { createDeskClient } from '../desk/client/desk-client.ts'
import { tidyPassphrase } from '../desk/client/passphrase.ts'
import { type CommandIo, runCommand } from './command-line.ts'
import { loadManifest, writeManifestFile } from './import/manifest-file.ts'
import { readPassphrase } from './import/read-passphrase.ts'
import { requireOwnReading, signManifest } from './import/sign-manifest.ts'
import { surveyText } from './import/survey-text.ts'
import { clock, random } from './world.ts'

const HELP = `Usage: avow import-sign MANIFEST --volunteer NAME --desk URL [--archive FILE]

Adds a key holder's signature to the manifest of an archive. Shows what is in the archive, asks for the passphrase on
the terminal (or takes the first line of standard input), opens the keyring as the desk does, and writes the signature
into MANIFEST. Run it where you trust the machine: the passphrase and the keys never leave it.

  --volunteer NAME   your name at the desk
  --desk URL         the service's address, such as https://desk.example.org
  --archive FILE     your own copy of the archive: it is read here, and nothing is signed unless it makes this manifest

Exit: 0 signed, 1 not signed, 2 a mistake in the command line.
`

type Options = {
  readonly manifest: string
  readonly volunteer: string
  readonly desk: string
  readonly archive: string | undefined
}

export async function importSignCommand(
  args: readonly string[],
  io: CommandIo = process,
): Promise<number> {
  return runCommand(args, io, {
    name: 'import-sign',
    help: HELP,
    shapes: {
      volunteer: { type: 'string' },
      desk: { type: 'string' },
      archive: { type: 'string' },
    },
    read: ({ values, positionals }) => {
      const [manifest, ...more] = positionals
      const { volunteer = '', desk = '', archive } = values
      if (manifest === undefined || more.length > 0) return 'give one manifest'
      if (volunteer === '' || !URL.canParse(desk)) return 'give --volunteer and --desk'
      return { manifest, volunteer, desk, archive }
    },
    run: async (options) => {
      await sign(options, io.stdout)
      return 0
    },
  })
}

async function sign(options: Options, out: CommandIo['stdout']): Promise<void> {
  const { manifest: path, volunteer, desk: url, archive } = options
  const { signed, survey } = await loadManifest(path)
  out.write(surveyText(survey))
  const passphrase = await readPassphrase(`Passphrase of ${volunteer}, to sign this import: `)
  const transport = keepCookies(url.replace(/\/+$/, ''), fetch)
  const desk = await createDeskClient({ transport, random, clock }).unlock(
    volunteer,
    tidyPassphrase(passphrase),
  )
  try {
    if (archive !== undefined) await requireOwnReading(archive, signed, desk.state.form)
    const next = signManifest(signed, desk.state)
    await writeManifestFile(path, next)
    out.write(`\nSigned by ${next.signatures.map(({ by }) => by).join(', ')}; two are needed.\n`)
  } finally {
    await desk.logout()
  }
}
