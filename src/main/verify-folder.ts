import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { opendir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { VerifyError } from '../verify/error.ts'
import { SourceUnreachable, type VerifySource } from './verify-source.ts'

/** The deepest file of a log of 10^15 entries is 11 folders down; a mirror could nest without end. */
const MAX_DEPTH = 16
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'])

/** Throws SourceUnreachable when the folder is no site root. */
export async function openFolder(folder: string): Promise<Required<VerifySource>> {
  const found = await stat(join(folder, 'log')).catch(() => undefined)
  if (found?.isDirectory() !== true) {
    throw new SourceUnreachable(`${folder} is not the root of a register: it has no folder "log"`)
  }
  return {
    name: folder,
    read: async (path, maxBytes) => readBounded(folder, path, maxBytes),
    list: async function* () {
      yield* listFiles(folder, 'log', 1)
      yield* listFiles(folder, 'content', 1)
    },
  }
}

/**
 * Opened without waiting: what a hostile mirror calls a file may be a pipe that never ends. Synchronous, because a
 * replay opens a file for every few declarations and a round trip through the thread pool costs more than the read.
 */
function readBounded(folder: string, path: string, maxBytes: number): Uint8Array | undefined {
  const file = openFile(join(folder, path))
  if (file === undefined) return undefined
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw new VerifyError('unexpected_file', path, 'it is not a plain file')
    if (found.size > maxBytes) {
      throw new VerifyError('file_too_large', path, `the file is larger than ${maxBytes} bytes`)
    }
    const bytes = new Uint8Array(found.size)
    let length = 0
    for (let read = 1; read > 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null)
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return absentOrThrow(error)
  }
}

async function* listFiles(root: string, path: string, depth: number): AsyncGenerator<string> {
  const folder = await opendir(join(root, path)).catch(absentOrThrow)
  if (folder === undefined) return
  for await (const entry of folder) {
    const child = `${path}/${entry.name}`
    // Neither links nor folders below any real one are followed: as files the register does not have, they are findings.
    if (entry.isDirectory() && depth < MAX_DEPTH) yield* listFiles(root, child, depth + 1)
    else yield child
  }
}

function absentOrThrow(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && ABSENT.has(String(error.code))) return undefined
  throw error
}
