import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BusyHour } from './busy-hour.ts'
import { startChildService } from './child-service.ts'
import { tryEverySecret } from './opening-pass.ts'
import { type Sighting, searchFolders } from './search-folders.ts'

export interface DrillResult {
  readonly canaries: number
  readonly files: number
  readonly bytes: number
  /** Names of published canaries that were found in the public files, as they must be. */
  readonly publishedFound: readonly string[]
  readonly publishedMissing: readonly string[]
  readonly leaked: readonly Sighting[]
  readonly secrets: number
  readonly ciphertexts: number
  readonly opened: readonly string[]
}

/** The ways in that the drill walks. A way that exists and is not here fails the drill: nobody looked at its disk. */
export const COVERED_CHANNELS: readonly string[] = ['web']

/**
 * Runs a busy hour in miniature in a folder of its own, cuts the power, and reads the disk as whoever seizes it would:
 * every byte for every canary, then every secret against every ciphertext.
 */
export async function drillSeizure(
  report: (line: string) => void,
  keep: boolean,
): Promise<DrillResult> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-drill-'))
  try {
    return await drill(folder, report)
  } finally {
    if (keep) report(`kept: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
}

async function drill(folder: string, report: (line: string) => void): Promise<DrillResult> {
  const hour = new BusyHour(report)
  await mkdir(folder, { recursive: true })
  await writePace(folder, 'development')
  const first = await startChildService(folder)
  const passphrases = await hour.publishing(first)
  await first.stop()
  await writePace(folder, 'production')
  const second = await startChildService(folder)
  await hour.holding(second, passphrases)
  report('power cut; reading the disk')
  await second.cutPower()

  // What the service printed is where its log would be.
  await writeFile(join(folder, 'printed'), printedWithoutLinks([first.output(), second.output()]))
  const found = searchFolders([folder], [...hour.published, ...hour.sealed])
  const isPublic = ({ file }: Sighting) => file.startsWith(join(folder, 'data/public'))
  const names = hour.published.map(({ name }) => name)
  const publishedFound = names.filter((name) =>
    found.sightings.some((sighting) => sighting.canary === name && isPublic(sighting)),
  )
  report(`${found.files} files read; trying every secret on every ciphertext`)
  const pass = await tryEverySecret(folder)
  return {
    canaries: hour.published.length + hour.sealed.length,
    files: found.files,
    bytes: found.bytes,
    publishedFound,
    publishedMissing: names.filter((name) => !publishedFound.includes(name)),
    leaked: found.sightings.filter(({ canary }) => !names.includes(canary)),
    ...pass,
  }
}

/** The first start shows its invitations once, by design; they were used up before anything was filed. */
function printedWithoutLinks(outputs: readonly string[]): string {
  return outputs.join('').replaceAll(/http:\/\/\S+#\S+/g, '')
}

async function writePace(folder: string, pace: 'development' | 'production'): Promise<void> {
  const config = { name: 'localhost/drill', pace, sample: true }
  await writeFile(join(folder, 'avow.json'), JSON.stringify(config))
}
