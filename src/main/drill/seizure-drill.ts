import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSecrets } from '../../config/secrets.ts'
import { generateIdentity, recipientOf } from '../../sealing/age.ts'
import { BusyHour } from './busy-hour.ts'
import type { Canary } from './canary.ts'
import { runBeside, startChildService } from './child-service.ts'
import { until } from './desk-work.ts'
import { type OpeningPass, tryEverySecret } from './opening-pass.ts'
import { Plants } from './plants.ts'
import { refreshStatistics } from './refresh-statistics.ts'
import { type Sighting, searchFolders, searchTexts } from './search-folders.ts'
import { type SmallBucket, startSmallBucket } from './small-bucket.ts'

export interface DrillResult extends OpeningPass {
  readonly canaries: number
  readonly files: number
  readonly bytes: number
  /** Names of published canaries that were found in the public files, as they must be. */
  readonly publishedFound: readonly string[]
  readonly publishedMissing: readonly string[]
  readonly leaked: readonly Sighting[]
}

type Report = (line: string) => void
type Pace = 'development' | 'production'

/**
 * Runs a busy hour in miniature in a folder of its own, cuts the power, and reads the disk as whoever seizes it would:
 * every byte for every canary, then every secret against every ciphertext.
 */
export async function drillSeizure(report: Report, keep: boolean): Promise<DrillResult> {
  const folder = await mkdtemp(join(tmpdir(), 'avow-drill-'))
  try {
    return await drill(folder, report)
  } finally {
    if (keep) report(`kept: ${folder}`)
    else await rm(folder, { recursive: true, force: true })
  }
}

async function drill(folder: string, report: Report): Promise<DrillResult> {
  const plants = new Plants()
  const hour = new BusyHour(folder, plants, report)
  await using bucket = await startBucketOf(folder)
  const listenerPort = await freePort()
  const configure = (pace: Pace) => writeConfig(folder, { pace, bucket, listenerPort })
  const back = await openBackup(folder)

  await configure('development')
  await using first = await startChildService(folder)
  const passphrases = await hour.joining(first)
  await hour.publishing(first, passphrases, async () => {
    report('a backup, and the statistics that a database makes of its tables by itself')
    await back()
    await refreshStatistics(folder)
  })
  report('finishing the erasures; reading the disk of the running service')
  await finishErasures(folder)
  await back()
  await untilBucketFollows(folder)
  const early = await searchFolders([folder], plants.erased)
  await hour.refusing(first, passphrases)
  await first.stop()

  await configure('production')
  await using second = await startChildService(folder)
  await hour.holding(second, passphrases, `http://127.0.0.1:${listenerPort}/`)
  await back()
  report('power cut; reading the disk')
  await second.cutPower()
  // What the service printed is where its log would be.
  await writeFile(join(folder, 'printed'), printedWithoutLinks([first.output(), second.output()]))
  const found = await searchFolders(
    [folder],
    [...plants.published, ...plants.erased, ...plants.sealed],
  )
  report(`${found.files} files read; trying every secret on every ciphertext`)
  const pass = await tryEverySecret(folder)
  // What an act in flight gives must be nothing but what becomes public with it.
  const inActs = searchTexts(pass.openedActs, [...plants.erased, ...plants.sealed])
  const sightings = [...early.sightings, ...found.sightings, ...inActs]
  return { ...judge(folder, plants, sightings), files: found.files, bytes: found.bytes, ...pass }
}

function judge(folder: string, plants: Plants, sightings: readonly Sighting[]) {
  const isPublic = ({ file }: Sighting) => file.startsWith(join(folder, 'data/public'))
  const names = plants.published.map(({ name }) => name)
  const publishedFound = names.filter((name) =>
    sightings.some((sighting) => sighting.canary === name && isPublic(sighting)),
  )
  const all: readonly Canary[] = [...plants.published, ...plants.erased, ...plants.sealed]
  return {
    canaries: all.length,
    publishedFound,
    publishedMissing: names.filter((name) => !publishedFound.includes(name)),
    leaked: sightings.filter(({ canary }) => !names.includes(canary)),
  }
}

/** As the service does once a day; events of the last acts may still be on their way. */
async function finishErasures(folder: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await runBeside(folder, ['erase', '--finish'])
      return
    } catch (error) {
      if (attempt === 20) throw error
    }
  }
}

/** Sealed to an identity that only this process holds. Run again it renews the same folder. */
async function openBackup(folder: string): Promise<() => Promise<void>> {
  const recipient = await recipientOf(await generateIdentity())
  return async () => {
    await runBeside(folder, ['backup', '--out', join(folder, 'backup'), '--to', recipient])
  }
}

/** Its upload runs after the publication, and removes what was taken back. */
async function untilBucketFollows(folder: string): Promise<void> {
  const texts = async (root: string) =>
    (await readdir(join(folder, root, 'content/texts'))).toSorted().join()
  const latest = (root: string) => readFile(join(folder, root, 'log/latest'), 'utf8')
  await until('the bucket follows', async () => {
    const same = [await latest('bucket'), await texts('bucket')]
    return same.join() === [await latest('data/public'), await texts('data/public')].join()
  })
}

async function startBucketOf(folder: string): Promise<SmallBucket> {
  const secrets = await openSecrets(join(folder, 'secrets'))
  await secrets.store('bucket-access-key', 'drill')
  await secrets.store('bucket-secret-key', 'drill-secret')
  return startSmallBucket(join(folder, 'bucket'))
}

/** The first start shows its invitations once, by design; they were used up before anything was filed. */
function printedWithoutLinks(outputs: readonly string[]): string {
  return outputs.join('').replaceAll(/http:\/\/\S+#\S+/g, '')
}

async function writeConfig(
  folder: string,
  {
    pace,
    bucket,
    listenerPort,
  }: { readonly pace: Pace; readonly bucket: SmallBucket; readonly listenerPort: number },
): Promise<void> {
  const config = {
    name: 'localhost/drill',
    pace,
    sample: true,
    bucket: { url: bucket.url },
    intake: {
      listeners: [{ host: '127.0.0.1', port: listenerPort, path: 'onion' }],
      budgets: { onion: 1 },
      ...(pace === 'production' ? { dummiesPerHour: 360 } : {}),
    },
  }
  await writeFile(join(folder, 'avow.json'), JSON.stringify(config))
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
