import { StoreError } from '../domain/errors.ts';

/** What the store refuses to do, in words for the operator; nothing was changed when one is thrown. */

export const idInUse = (identityId: string): StoreError =>
  new StoreError('PORTICO_ENROL_REFUSED', {
    message: `${identityId} is enrolled already`,
    remedy: 'Add templates to that identity, or choose another id; nothing was changed.',
    context: { identityId },
  });

export const templateIdInUse = (templateId: string): StoreError =>
  new StoreError('PORTICO_ENROL_REFUSED', {
    message: `template ${templateId} belongs to somebody else`,
    remedy: 'Give every template an id of its own; nothing was changed.',
    context: { templateId },
  });

export const unknownIdentity = (identityId: string): StoreError =>
  new StoreError('PORTICO_STORE_UNKNOWN_IDENTITY', {
    message: `nobody is enrolled as ${identityId}`,
    remedy: 'List the people to see the ids in use.',
    context: { identityId },
  });

export const wrongDimension = (modelId: string, expected: number, found: number): StoreError =>
  new StoreError('PORTICO_ENROL_REFUSED', {
    message: `templates of ${modelId} have ${expected} numbers, this one has ${found}`,
    remedy: 'Give an encoder of another size an id of its own.',
    context: { modelId, expected, found },
  });
