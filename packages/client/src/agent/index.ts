export { type CardOnFileOptions, cardOnFilePayer } from './card-on-file-payer.js'
