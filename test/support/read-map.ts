import type { ReadFile } from '../../src/verify/read-file.ts'
import type { ListFiles } from '../../src/verify/served-files.ts'

/** Served files in memory, read as a verifier reads a site or a folder. */
export function readMap(files: ReadonlyMap<string, Uint8Array>): {
  readonly read: ReadFile
  readonly list: ListFiles
} {
  return {
    read: async (path) => files.get(path),
    list: async function* () {
      for (const path of files.keys()) {
        if (path.startsWith('log/') || path.startsWith('content/')) yield path
      }
    },
  }
}
