export type { DayHours, ServiceHours, Weekday, WeeklyHours, Zone } from './service-hours.js'
export { readZone, zoneOffset } from './zone.js'
export {
  amendCalendar,
  calendarAsOf,
  closuresOf,
  createHolidayCalendar,
  nationalCalendar,
  withRamadan,
  type Closure,
  type ClosureKind,
  type HolidayCalendar,
  type HolidayDecree,
  type Ramadan,
} from './holidays.js'
export { readHolidayCalendar, type HolidayFile } from './holiday-file.js'
export { createWorkingCalendar, type WorkingCalendar, type WorkingCalendarOptions } from './working-calendar.js'
export { addWorkingTime, closingOf, isOpen, nextOpening, workingTimeBetween } from './working-time.js'
export {
  deadlineFor,
  explainDeadline,
  limitKinds,
  type DayNote,
  type Deadline,
  type DeadlineExplanation,
  type LimitKind,
  type Provisional,
} from './deadline.js'
