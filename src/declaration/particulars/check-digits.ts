/** ISO/IEC 7812-1: the check digit of payment cards. */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return digits.length > 0 && sum % 10 === 0
}

// GB 11643-1999: weights of the first seventeen digits, and the check character for each remainder.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'
const PROVINCE = /^(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)/

/** A number of 18 or 15 characters: `shaped` where province and birthday fit and the check character does not. */
export function isChineseIdentity(number: string): 'checked' | 'shaped' | 'no' {
  if (!PROVINCE.test(number)) return 'no'
  if (number.length === 15) {
    return /^\d{15}$/.test(number) && isBirthday(`19${number.slice(6, 12)}`) ? 'shaped' : 'no'
  }
  if (!/^\d{17}[\dX]$/.test(number) || !isBirthday(number.slice(6, 14))) return 'no'
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(number[i]), 0)
  return CHECK_CHARACTERS[sum % 11] === number[17] ? 'checked' : 'shaped'
}

function isBirthday(digits: string): boolean {
  return /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits)
}
