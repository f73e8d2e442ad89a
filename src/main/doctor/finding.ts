/** `unknown`: it cannot be seen from here, and `says` tells where to look. */
export interface Finding {
  readonly check: string
  readonly state: 'fine' | 'wrong' | 'unknown'
  readonly says: string
}
