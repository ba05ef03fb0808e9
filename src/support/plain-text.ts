import { REDACTED } from './struck-words.ts';

const ADDRESS = /\b([a-z][a-z0-9+.-]{1,15}):\/\/[^\s"'<>|]+/giu;
/** Values that somebody wrote are quoted in our messages. */
const QUOTED = /"[^"\n]*"/g;
const HOME = /\/(home\/[^/\s]+|root)(?=[/\s:,;]|$)/g;
const MAIL = /[^\s@<>"]+@[^\s@<>"]+/g;

/**
 * A message for people without what could tell who or where: addresses keep their scheme, folders of users
 * become `~`, and quoted values go.
 */
export const plainText = (text: string): string =>
  text
    .replace(ADDRESS, (_address, scheme: string) => `${scheme}://${REDACTED}`)
    .replace(QUOTED, `"${REDACTED}"`)
    .replace(HOME, '~')
    .replace(MAIL, REDACTED);
