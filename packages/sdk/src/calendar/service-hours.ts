/** Indonesia's three fixed offsets. There is no daylight saving time; any other zone is a typed error. */
export type Zone = 'WIB' | 'WITA' | 'WIT'

/** A day's opening: local times `HH:MM`, `24:00` allowed as the end. */
export interface DayHours {
  readonly open: string
  readonly close: string
  readonly breaks: readonly { readonly from: string; readonly to: string }[]
}

/** Days of the week as keys of {@link WeeklyHours}. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday'

/** Opening hours of one week; a day left out is closed. */
export type WeeklyHours = { readonly [day in Weekday]?: DayHours }

/** Service hours of an office, in its own zone. */
export interface ServiceHours {
  readonly weekly: WeeklyHours
  /** Hours in Ramadan (Perpres 21/2023); absent: ordinary hours hold. */
  readonly ramadan?: WeeklyHours
  /** Whether the office closes on collective leave (cuti bersama) as it does on national holidays. */
  readonly collectiveLeave: 'closed' | 'open'
}
