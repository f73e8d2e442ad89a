import type { Volunteer } from '../sealing/directory-state.ts'

/** Who takes what others passed upwards. */
export function takesEscalated({ roles }: Volunteer): boolean {
  return roles.some((role) => role === 'key-holder' || role === 'coordinator')
}

/** Who of a centre works on cases. */
export function reviewsFor(centre: string, colleague: Volunteer): boolean {
  return (
    colleague.centre === centre &&
    colleague.roles.some((role) => role === 'reviewer' || role === 'key-holder')
  )
}
