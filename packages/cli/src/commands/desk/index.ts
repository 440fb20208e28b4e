import type { CommandSpec } from '../../program.js'
import { actCommands } from './act.js'
import { deskFile } from './file.js'
import { deskInit } from './init.js'
import { deskHistory, deskList, deskNext, deskReceipt, deskShow, deskTask } from './look.js'
import { deskStatus, deskWork } from './work.js'

/** Everything an officer does at a desk in a terminal. */
export const deskCommands: readonly CommandSpec[] = [deskInit, deskNext, deskList, deskShow, deskHistory, deskFile, ...actCommands, deskTask, deskReceipt, deskWork, deskStatus]
