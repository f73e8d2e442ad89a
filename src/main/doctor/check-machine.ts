import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding } from './finding.ts'

/** What the machine would write of our memory, and whether its clock can be believed. `root` is `/`. */
export async function checkMachine(root: string, now: Date): Promise<readonly Finding[]> {
  return [await checkCoreDumps(root), await checkSwap(root), await checkClock(root, now)]
}

async function checkCoreDumps(root: string): Promise<Finding> {
  const check = 'core dumps'
  const limits = await read(root, 'proc/self/limits')
  const soft = /^Max core file size\s+(\S+)/m.exec(limits)?.[1]
  const pattern = (await read(root, 'proc/sys/kernel/core_pattern')).trim()
  if (soft === undefined) return { check, state: 'unknown', says: 'no /proc on this system' }
  // A limit of 0 does not keep the kernel from handing a dump to a program.
  if (pattern.startsWith('|')) {
    return {
      check,
      state: 'wrong',
      says: `the kernel hands memory dumps to "${pattern.slice(1).split(' ')[0]}": set kernel.core_pattern to an empty value`,
    }
  }
  if (soft !== '0' && pattern !== '') {
    return { check, state: 'wrong', says: 'a crash writes memory to disk: run with "ulimit -c 0"' }
  }
  return { check, state: 'fine', says: 'a crash leaves no memory on the disk' }
}

async function checkSwap(root: string): Promise<Finding> {
  const check = 'swap'
  const lines = (await read(root, 'proc/swaps')).trim().split('\n').slice(1)
  const onDisk = lines.filter((line) => !/^\/dev\/zram/.test(line))
  if (!existsSync(join(root, 'proc/swaps')))
    return { check, state: 'unknown', says: 'no /proc on this system' }
  if (onDisk.length === 0)
    return { check, state: 'fine', says: 'memory is never written to a disk' }
  const names = onDisk.map((line) => line.split(/\s+/)[0]).join(', ')
  return {
    check,
    state: 'wrong',
    says: `memory may be written to ${names}: swapoff, and out of fstab`,
  }
}

/** A clock that lags makes an epoch last longer and days wrong; the network is not asked. */
async function checkClock(root: string, now: Date): Promise<Finding> {
  const check = 'clock'
  if (now.getUTCFullYear() < 2026)
    return { check, state: 'wrong', says: `it is not ${now.getUTCFullYear()}` }
  if (existsSync(join(root, 'run/systemd/timesync/synchronized'))) {
    return { check, state: 'fine', says: 'the system keeps it in step' }
  }
  return {
    check,
    state: 'unknown',
    says: 'nothing tells whether it is kept in step: run an NTP client',
  }
}

async function read(root: string, path: string): Promise<string> {
  return readFile(join(root, path), 'utf8').catch(() => '')
}
