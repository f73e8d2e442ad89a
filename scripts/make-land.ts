import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { feature } from 'topojson-client'

// Writes src/site/land.txt: the coasts of Natural Earth (public domain, 1:110m) as an SVG path of whole degrees, x from 180° W, y from
// 90° N. Run by hand; what it writes is kept, so that nobody needs these packages to run a register.

type Ring = readonly (readonly [number, number])[]

const SOUTH_END = -60
const require = createRequire(import.meta.url)
const atlas = JSON.parse(readFileSync(require.resolve('world-atlas/land-110m.json'), 'utf8'))
const { features }: { features: { geometry: { coordinates: Ring[][] } }[] } = feature(
  atlas,
  atlas.objects.land,
)
const rings = features.flatMap(({ geometry }) => geometry.coordinates.flat())
const path = rings
  .filter((ring) => ring.some(([, latitude]) => latitude > SOUTH_END))
  .map(pathOf)
  .filter((part) => part.split('L').length > 3)
  .join('')
writeFileSync(join(import.meta.dirname, '../src/site/land.txt'), `${path}\n`)

/** A ring across the date line goes on beyond the edge, and stands a second time at the other. */
function pathOf(ring: Ring): string {
  let turns = 0
  let last = ring[0]?.[0] ?? 0
  const unrolled = ring.map(([longitude, latitude]) => {
    if (longitude - last > 180) turns -= 360
    if (last - longitude > 180) turns += 360
    last = longitude
    return [longitude + turns, latitude] as const
  })
  const east = Math.max(...unrolled.map(([longitude]) => longitude))
  const west = Math.min(...unrolled.map(([longitude]) => longitude))
  const shifts = [0, ...(east > 180 ? [-360] : []), ...(west < -180 ? [360] : [])]
  return shifts.map((shift) => closedPath(unrolled, shift)).join('')
}

function closedPath(ring: Ring, shift: number): string {
  const points = ring.map(
    ([longitude, latitude]) =>
      `${Math.round(longitude + shift + 180)} ${Math.round(90 - latitude)}`,
  )
  return `M${points.filter((point, i) => point !== points[i - 1]).join('L')}Z`
}
