import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import type { Canary } from './canary.ts'

const START_BYTES = 6

export interface Sighting {
  readonly canary: string
  readonly encoding: string
  readonly file: string
}

/** Every way the bytes of a text could lie on a disk. */
function encodingsOf(text: string): ReadonlyMap<string, Buffer> {
  const plain = Buffer.from(text, 'utf8')
  const encodings = new Map<string, Buffer>([
    ['utf-8', plain],
    ['utf-16le', Buffer.from(text, 'utf16le')],
    ['utf-16be', Buffer.from(text, 'utf16le').swap16()],
    ['hex', Buffer.from(plain.toString('hex'))],
    ['HEX', Buffer.from(plain.toString('hex').toUpperCase())],
    ['json', Buffer.from(asciiJson(text))],
    ['url', Buffer.from(encodeURIComponent(text))],
  ])
  for (const charset of ['GB18030', 'BIG5']) {
    const bytes = convert(plain, charset)
    if (bytes !== undefined) encodings.set(charset.toLowerCase(), bytes)
  }
  for (const shift of [0, 1, 2]) encodings.set(`base64+${shift}`, base64At(plain, shift))
  return encodings
}

/** Reads every file below the folders whole and reports each canary in each encoding. */
export async function searchFolders(
  folders: readonly string[],
  canaries: readonly Canary[],
): Promise<{
  readonly sightings: readonly Sighting[]
  readonly files: number
  readonly bytes: number
}> {
  const sought = canaries.map((canary) => ({ name: canary.name, encodings: formsOf(canary) }))
  const sightings: Sighting[] = []
  let files = 0
  let bytes = 0
  for (const folder of folders) {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const file = join(entry.parentPath, entry.name)
      const content = await asRead(file)
      files += 1
      bytes += content.length
      const present = startsIn(content)
      for (const { name, encodings } of sought) {
        for (const [encoding, needle] of encodings) {
          if (present(needle) && content.includes(needle)) {
            sightings.push({ canary: name, encoding, file })
          }
        }
      }
    }
  }
  return { sightings, files, bytes }
}

/** Most canaries begin alike, so that one look for a beginning spares a look for each of them. */
function startsIn(content: Buffer): (needle: Buffer) => boolean {
  const known = new Map<string, boolean>()
  return (needle) => {
    const start = needle.subarray(0, START_BYTES)
    const key = start.toString('latin1')
    const isThere = known.get(key) ?? content.includes(start)
    known.set(key, isThere)
    return isThere
  }
}

/** The same for texts that a secret opened. */
export function searchTexts(
  texts: readonly string[],
  canaries: readonly Canary[],
): readonly Sighting[] {
  return texts.flatMap((text) => {
    const content = Buffer.from(text)
    return canaries.flatMap((canary) =>
      [...formsOf(canary)].flatMap(([encoding, needle]) =>
        content.includes(needle) ? [{ canary: canary.name, encoding, file: 'an opened act' }] : [],
      ),
    )
  })
}

/** A compressed copy as its readers get it. */
async function asRead(file: string): Promise<Buffer> {
  const content = await readFile(file).catch(ifGone)
  if (content.length === 0) return content
  if (file.endsWith('.gz')) return gunzipSync(content)
  if (file.endsWith('.br')) return brotliDecompressSync(content)
  return content
}

/** A running service renames and removes; what is gone is on no disk. */
function ifGone(error: NodeJS.ErrnoException): Buffer {
  if (error.code !== 'ENOENT') throw error
  return Buffer.alloc(0)
}

function formsOf(canary: Canary): ReadonlyMap<string, Buffer> {
  if ('text' in canary) return encodingsOf(canary.text)
  const bytes = Buffer.from(canary.bytes)
  return new Map([
    ['raw', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
    ['HEX', Buffer.from(bytes.toString('hex').toUpperCase())],
    ...[0, 1, 2].map((shift) => [`base64+${shift}`, base64At(bytes, shift)] as const),
  ])
}

/** A character that the charset lacks makes the canary impossible there. */
function convert(bytes: Buffer, charset: string): Buffer | undefined {
  try {
    return execFileSync('iconv', ['-f', 'UTF-8', '-t', charset], {
      input: bytes,
      stdio: ['pipe', 'pipe', 'ignore'],
    })
  } catch {
    return undefined
  }
}

/** The part of a base64 text that does not depend on what stands before and after. */
function base64At(bytes: Buffer, shift: number): Buffer {
  const text = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  return Buffer.from(text.slice(shift === 0 ? 0 : shift + 1, -2))
}

function asciiJson(text: string): string {
  return text.replace(/[^ -~]/g, (char) =>
    [...Array(char.length).keys()]
      .map((i) => `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`)
      .join(''),
  )
}
