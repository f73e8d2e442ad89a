import { VerifyError } from './error.ts'

/**
 * How the verifier reads a served file: `undefined` where there is none, an error where nothing can be
 * said about it. Whoever serves the file may be lying, so a reader should stop after `maxBytes`.
 */
export type ReadFile = (path: string, maxBytes: number) => Promise<Uint8Array | undefined>

/** A reader that holds to its bound whatever the one it wraps does. */
export function boundedReader(read: ReadFile): ReadFile {
  return async (path, maxBytes) => {
    const bytes = await read(path, maxBytes)
    if (bytes !== undefined && bytes.length > maxBytes) {
      throw new VerifyError('file_too_large', path, `the file is larger than ${maxBytes} bytes`)
    }
    return bytes
  }
}

export async function readRequired(
  read: ReadFile,
  path: string,
  maxBytes: number,
): Promise<Uint8Array> {
  const bytes = await read(path, maxBytes)
  if (bytes === undefined) throw new VerifyError('missing_file', path, 'the file is missing')
  return bytes
}
