import { statfs } from 'node:fs/promises'
import { IntakeError } from '../error.ts'

export interface DiskReserveOptions {
  readonly folder: string
  /** The reserve is the smaller of the two: a share of the file system, and a number of bytes. */
  readonly percent: number
  readonly bytes: number
  readonly clock: () => Date
}

const MEASURED_FOR_MS = 1000

/**
 * What stays free on the disk, so that what was acknowledged can still be reviewed, published and backed up. Below it
 * nothing new is taken, and it is taken again as soon as there is room: nobody has to restart anything.
 */
export class DiskReserve {
  readonly #options: DiskReserveOptions
  #measuredAtMs = Number.NEGATIVE_INFINITY
  #measured: Promise<boolean> = Promise.resolve(true)

  constructor(options: DiskReserveOptions) {
    this.#options = options
  }

  /** Throws IntakeError `disk_reserve`. A folder that cannot be looked at has no room either. */
  async require(): Promise<void> {
    const now = this.#options.clock().getTime()
    const age = now - this.#measuredAtMs
    if (age < 0 || age >= MEASURED_FOR_MS) {
      this.#measuredAtMs = now
      this.#measured = measureRoom(this.#options)
    }
    if (!(await this.#measured)) throw new IntakeError('disk_reserve', 'the disk is nearly full')
  }
}

async function measureRoom(options: Omit<DiskReserveOptions, 'clock'>): Promise<boolean> {
  const room = await readRoom(options).catch(() => undefined)
  return room !== undefined && room.free >= room.reserve
}

export interface DiskRoom {
  readonly free: number
  readonly reserve: number
}

export async function readRoom({
  folder,
  percent,
  bytes,
}: Omit<DiskReserveOptions, 'clock'>): Promise<DiskRoom> {
  const { bsize, blocks, bavail } = await statfs(folder)
  return { free: bsize * bavail, reserve: Math.min((bsize * blocks * percent) / 100, bytes) }
}
