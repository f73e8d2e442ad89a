import { readdir, readFile, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { readRoom } from '../../intake/abuse/disk-reserve.ts'
import type { Finding } from './finding.ts'

/** Secrets are for their owner alone, and never on the disk they protect. */
export async function checkSecrets(secrets: string, data: string): Promise<Finding> {
  const check = 'secrets'
  const wrong: string[] = []
  if (!relative(data, secrets).startsWith('..'))
    wrong.push(`${secrets} lies inside the data folder`)
  const names = await readdir(secrets).catch(() => undefined)
  if (names === undefined) return { check, state: 'unknown', says: `${secrets} does not exist yet` }
  for (const path of [secrets, ...names.map((name) => join(secrets, name))]) {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0) wrong.push(`others may open ${path}: chmod go= ${path}`)
  }
  if (wrong.length > 0) return { check, state: 'wrong', says: wrong.join('; ') }
  return { check, state: 'fine', says: `${names.length} files, for their owner alone` }
}

export async function checkDisk(
  data: string,
  reserve: { readonly percent: number; readonly bytes: number },
): Promise<Finding> {
  const check = 'disk reserve'
  const room = await readRoom({ folder: data, ...reserve })
  const [free, kept] = [inMebibytes(room.free), inMebibytes(room.reserve)]
  if (room.free < room.reserve) {
    return {
      check,
      state: 'wrong',
      says: `${free} free, below the ${kept} that stay free: nothing is taken in`,
    }
  }
  return { check, state: 'fine', says: `${free} free, ${kept} of them are kept` }
}

/** A server in front that writes down who came undoes everything behind it. */
export async function checkNginx(file: string): Promise<Finding> {
  const check = 'nginx'
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) return { check, state: 'wrong', says: `${file} cannot be read` }
  const lines = text.replace(/#.*$/gm, '')
  const wrong: string[] = []
  const logs = [...lines.matchAll(/\baccess_log\s+([^;]+);/g)].map((match) => match[1]?.trim())
  if (logs.length === 0 || logs.some((log) => log !== 'off')) wrong.push('access_log must be off')
  const errors = [...lines.matchAll(/\berror_log\s+([^;]+);/g)].map((match) => match[1]?.trim())
  if (errors.length === 0 || errors.some((log) => log !== '/dev/null emerg')) {
    wrong.push('error_log must be /dev/null emerg')
  }
  if (
    /\$(proxy_add_x_forwarded_for|remote_addr|realip_remote_addr|binary_remote_addr)/.test(lines)
  ) {
    wrong.push('the address of who came is used')
  }
  if (wrong.length > 0) return { check, state: 'wrong', says: `${file}: ${wrong.join('; ')}` }
  return { check, state: 'fine', says: `${file} writes down nobody` }
}

function inMebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`
}
