import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const BLOCK_BYTES = 512

export type FileMeasure = {
  readonly files: number
  readonly bytes: number
  /** What the file system takes for them, whole blocks and folders. */
  readonly allocated: number
  /** Partial tiles whose full tile stands beside them. */
  readonly stalePartials: number
}

export async function measureFiles(folder: string): Promise<FileMeasure> {
  const sum = { files: 0, bytes: 0, allocated: 0, stalePartials: 0 }
  const open = [folder]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    sum.allocated += statSync(at).blocks * BLOCK_BYTES
    const entries = readdirSync(at, { withFileTypes: true })
    const names = new Set(entries.map(({ name }) => name))
    for (const entry of entries) {
      const path = join(at, entry.name)
      if (entry.isDirectory()) {
        open.push(path)
        if (entry.name.endsWith('.p') && names.has(entry.name.slice(0, -2))) sum.stalePartials++
        continue
      }
      const { size, blocks } = statSync(path)
      sum.files++
      sum.bytes += size
      sum.allocated += blocks * BLOCK_BYTES
    }
  }
  return sum
}
