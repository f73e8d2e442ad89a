import { readdirSync, readFileSync } from 'node:fs'

/** What a server has used of the machine. Unlike throughput, it hardly depends on who else is using it. */
export interface CpuTime {
  readonly nodeMs: number
  readonly databaseMs: number
}

interface ProcessTime {
  readonly pid: number
  readonly parent: number
  readonly program: string
  readonly ms: number
}

/** Clock ticks of /proc are hundredths of a second on every Linux. */
const TICK_MS = 10

/** Sums those children of this process that are wanted, with all their descendants. */
export function cpuTimeOfChildren(isWanted: (pid: number) => boolean): CpuTime {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => readTime(pid) ?? [])
  const childrenOf = (parent: number) => processes.filter((one) => one.parent === parent)
  const withDescendants = (one: ProcessTime): ProcessTime[] => [
    one,
    ...childrenOf(one.pid).flatMap(withDescendants),
  ]
  const summed = childrenOf(process.pid)
    .filter(({ pid }) => isWanted(pid))
    .flatMap(withDescendants)
  const database = summed.filter(({ program }) => program === 'postgres')
  const sum = (times: readonly ProcessTime[]) => times.reduce((total, { ms }) => total + ms, 0)
  return { nodeMs: sum(summed) - sum(database), databaseMs: sum(database) }
}

// proc(5): pid (program) state parent …, then as fields 14 to 17 utime, stime and both of the children that have ended.
// A program's name may hold spaces.
function readTime(pid: string): ProcessTime | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = text.lastIndexOf(')')
    const fields = text.slice(end + 2).split(' ')
    return {
      pid: Number(pid),
      parent: Number(fields[1]),
      program: text.slice(text.indexOf('(') + 1, end),
      ms: TICK_MS * fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0),
    }
  } catch {
    // It ended between being listed and being read.
    return undefined
  }
}
