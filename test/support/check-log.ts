import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parsePolicy } from '../../src/tlog/policy.ts'
import { type RegisterEvidence, verifyRegister } from '../../src/verify/verify-register.ts'
import { sha256 } from './declaration-examples.ts'

/**
 * Re-reads everything a register serves and verifies it as a stranger would. Every test that publishes ends with this.
 * `policy` is what the log's keys say, not what the folder says.
 */
export async function checkLog(publicFolder: string, policy: string): Promise<RegisterEvidence> {
  const { read, list } = openServed(publicFolder)
  return verifyRegister(read, { policy: parsePolicy(policy), sha256, list })
}

export function openServed(publicFolder: string) {
  return { read: readServed(publicFolder), list: () => listServed(publicFolder) }
}

function readServed(publicFolder: string) {
  return async (path: string): Promise<Uint8Array | undefined> => {
    try {
      return await readFile(join(publicFolder, path))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    }
  }
}

async function* listServed(publicFolder: string): AsyncIterable<string> {
  for (const part of ['log', 'content']) {
    const entries = await readdir(join(publicFolder, part), {
      recursive: true,
      withFileTypes: true,
    }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile()) continue
      yield join(entry.parentPath, entry.name).slice(publicFolder.length + 1)
    }
  }
}
