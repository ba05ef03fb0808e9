import type { Template } from '../domain/identity.ts';
import type { RosterChange, RosterMark } from '../domain/roster.ts';
import {
  identityOf,
  type PersonDocument,
  type RosterHead,
  type RosterRecord,
  templatesOf,
} from './roster-documents.ts';

/** An encoder of this gate. */
export interface Encoder {
  readonly modelId: string;
  readonly dimension: number;
}

/** What a gate holds, as far as the rules need it. */
export interface RosterView {
  readonly site: string;
  readonly encoders: readonly Encoder[];
  readonly head: RosterHead | undefined;
  /** No head below this one was current when the gate was provisioned. */
  readonly minimumEpoch: number;
  markOf(identityId: string): RosterMark | undefined;
}

/** A document whose signature was found good. */
export interface RosterMessage {
  readonly document: RosterRecord | RosterHead;
  /** SHA-256 of the signed text, base64url. */
  readonly digest: string;
  /** Whether the key that signed it may change the roster. */
  readonly isSignerEntitled: boolean;
}

export type RosterRefusal =
  | 'foreign-site'
  | 'wrong-role'
  | 'rollback'
  | 'conflicting-version'
  | 'conflicting-head'
  | 'malformed-template';

export type RosterVerdict =
  | { readonly outcome: 'record'; readonly change: RosterChange; readonly ignoredTemplates: number }
  | { readonly outcome: 'head'; readonly head: RosterHead }
  | { readonly outcome: 'known' }
  | { readonly outcome: 'refused'; readonly reason: RosterRefusal };

/**
 * What a signed document changes, as data: whoever asks stores it first and shows it afterwards.
 * Order does not matter, repetition changes nothing, and nothing ever goes back: per person the
 * highest version wins, for heads the highest epoch.
 */
export function applyRoster(view: RosterView, message: RosterMessage): RosterVerdict {
  const { document } = message;
  if (document.site !== view.site) return refused('foreign-site');
  if (!message.isSignerEntitled) return refused('wrong-role');
  if (document.kind === 'head') return applyHead(view, document);
  const mark: RosterMark = {
    identityId: document.identityId,
    kind: document.kind,
    version: document.version,
    digest: message.digest,
    isVouchedFor: false,
  };
  const known = view.markOf(document.identityId);
  if (known !== undefined && mark.version < known.version) return refused('rollback');
  if (known !== undefined && mark.version === known.version) {
    if (known.digest === mark.digest) return { outcome: 'known' };
    // Two different records of one version: an administrator's error or a stolen key. The first stays.
    const isForgotten = known.digest === '' && known.kind === mark.kind;
    if (!isForgotten) return refused('conflicting-version');
  }
  if (document.kind === 'tombstone') {
    return { outcome: 'record', change: { kind: 'tombstone', mark }, ignoredTemplates: 0 };
  }
  return applyPerson(view, document, mark);
}

function applyPerson(view: RosterView, document: PersonDocument, mark: RosterMark): RosterVerdict {
  const templates = templatesOf(document);
  if (templates === undefined) return refused('malformed-template');
  const usable = templates.filter((template) => isUsable(view.encoders, template));
  const person = { identity: identityOf(document), templates: usable };
  return {
    outcome: 'record',
    change: { kind: 'person', mark, person },
    ignoredTemplates: templates.length - usable.length,
  };
}

function applyHead(view: RosterView, head: RosterHead): RosterVerdict {
  const known = view.head;
  if (head.epoch < view.minimumEpoch) return refused('rollback');
  if (known === undefined || head.epoch > known.epoch) return { outcome: 'head', head };
  if (head.epoch < known.epoch) return refused('rollback');
  const isSame =
    head.setHash === known.setHash &&
    head.count === known.count &&
    head.issuedAtMs === known.issuedAtMs &&
    head.validUntilMs === known.validUntilMs;
  return isSame ? { outcome: 'known' } : refused('conflicting-head');
}

const isUsable = (encoders: readonly Encoder[], template: Template): boolean =>
  encoders.some(
    ({ modelId, dimension }) =>
      modelId === template.modelId && dimension === template.embedding.length,
  );

const refused = (reason: RosterRefusal): RosterVerdict => ({ outcome: 'refused', reason });
