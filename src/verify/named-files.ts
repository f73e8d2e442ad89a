import type { LogEvent } from '../declaration/event.ts'

/** A file that an event names by its SHA-256. */
export type NamedFile = {
  readonly path: string
  readonly hash: string
  readonly maxBytes: number
  /** Whether a register without it is incomplete; a copy need not carry the others. */
  readonly needed: boolean
}

const MiB = 1024 * 1024

/** Where the files are served that events name by hash. The newest event about a path counts. */
export function filesNamedBy(event: LogEvent): readonly NamedFile[] {
  switch (event.type) {
    case 'key': {
      if (event.subject !== 'policy' && event.subject !== 'directory') return []
      const path = `log/${event.subject}`
      return [{ path, hash: event.hash, maxBytes: MAX_BYTES[event.subject], needed: true }]
    }
    case 'centres':
      return [{ path: 'log/centres', hash: event.directory, maxBytes: 64 * MiB, needed: false }]
    case 'mirrors':
      return [{ path: 'log/mirrors', hash: event.registry, maxBytes: 16 * MiB, needed: false }]
    case 'app':
      return event.files.map(({ name, hash }) => {
        const extension = /\.[a-z0-9]+$/.exec(name)?.[0] ?? ''
        return { path: `assets/${hash}${extension}`, hash, maxBytes: 64 * MiB, needed: false }
      })
    default:
      return []
  }
}

const MAX_BYTES = { policy: 64 * 1024, directory: 64 * MiB } as const

/** Served only if an event names them. */
export const LOGGED_PATHS = ['log/policy', 'log/directory', 'log/centres', 'log/mirrors'] as const
