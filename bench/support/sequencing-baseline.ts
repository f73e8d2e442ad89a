import { closeSync, fsync, openSync, writeFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { encodeLeaf } from '../../src/declaration/leaf.ts'
import { utf8 } from '../../src/encoding/bytes.ts'
import { sha256 } from '../../src/main/world.ts'
import { eachAtOnce } from '../../src/register/durable-files.ts'
import type { ReviewedItem } from '../../src/register/reviewed-item.ts'
import { encodeEntryBundle, TILE_WIDTH } from '../../src/tlog/tile.ts'

const sync = promisify(fsync)
/** Of two logs: checkpoint and archive copy each; tally and latest. */
const NOTES = Array.from({ length: 6 }, () => new Uint8Array(300))

/**
 * Milliseconds that the same bytes cost without a register: each leaf hashed once; bundles, tiles and notes written and
 * synced file by file; texts and content lines written as the files readers get, and synced once as one file, which is
 * what a database's log makes of them.
 */
export async function timeBaseline(
  items: readonly ReviewedItem[],
  folder: string,
): Promise<number> {
  const written = items
    .flatMap(({ declarations }) => declarations)
    .map(({ write }, index) => write({ index, day: '2026-03-01', level: 0 }))
  const entries = written.map(({ leaf }) => encodeLeaf(leaf))
  const bundles = inBundles(entries).map((bundle) => encodeEntryBundle(bundle))
  const content = inBundles(written).map((bundle) =>
    utf8(bundle.map(({ line }) => `${line}\n`).join('')),
  )
  const texts = items.flatMap((item) => item.texts.map(({ body }) => utf8(body)))
  const tiles = inBundles(entries).map((bundle) => new Uint8Array(bundle.length * 32))
  const synced = [...bundles, ...tiles, ...NOTES, Buffer.concat([...content, ...texts])]
  await mkdir(folder)
  const start = performance.now()
  for (const entry of entries) sha256(entry)
  for (const [i, bytes] of [...content, ...texts].entries()) {
    writeFileSync(join(folder, `content-${i}`), bytes)
  }
  const files = synced.map((bytes, i) => ({ path: join(folder, `synced-${i}`), bytes }))
  await eachAtOnce(files, async ({ path, bytes }) => {
    const file = openSync(path, 'w')
    writeFileSync(file, bytes)
    await sync(file)
    closeSync(file)
  })
  const ms = performance.now() - start
  await rm(folder, { recursive: true })
  return ms
}

function inBundles<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / TILE_WIDTH) }, (_, i) =>
    all.slice(i * TILE_WIDTH, (i + 1) * TILE_WIDTH),
  )
}
