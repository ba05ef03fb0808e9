import { headDocumentSchema, rosterRecordSchema } from '../roster/roster-documents.ts';
import { answerDocumentSchema, commandDocumentSchema } from './documents/command-document.ts';
import { eventDocumentSchema, receiptDocumentSchema } from './documents/event-document.ts';
import { pictureDocumentSchema, pictureReceiptSchema } from './documents/picture-document.ts';
import { availabilityDocumentSchema, stateDocumentSchema } from './documents/state-document.ts';
import { contentKeysDocumentSchema } from './site/content-keys-document.ts';
import { gatePassportSchema, seatFileSchema, siteFileSchema } from './site/site-files.ts';
import { trustListSchema } from './site/trust-list.ts';

/** Every payload and file of the protocol by its name in the documentation. */
export const PROTOCOL_SCHEMAS = {
  'trust-list': trustListSchema,
  'content-keys': contentKeysDocumentSchema,
  record: rosterRecordSchema,
  head: headDocumentSchema,
  command: commandDocumentSchema,
  answer: answerDocumentSchema,
  event: eventDocumentSchema,
  receipt: receiptDocumentSchema,
  picture: pictureDocumentSchema,
  'picture-receipt': pictureReceiptSchema,
  state: stateDocumentSchema,
  availability: availabilityDocumentSchema,
  site: siteFileSchema,
  seat: seatFileSchema,
  'gate-passport': gatePassportSchema,
} as const;
