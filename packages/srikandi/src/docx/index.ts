export { createDocxForm, writeAnswerDocx, type DocxOptions } from './answer-docx.js'
export { houseTemplate } from './house-template.js'
export { docxFields, type DocxFields } from './fields.js'
export { checkTemplate, srikandiVariables, type SrikandiVariable } from './template.js'
