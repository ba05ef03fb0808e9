import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../domain/errors.ts';
import type { BrokerEndpoint } from '../messaging/broker/broker-link.ts';

export interface HomeBrokerSettings {
  readonly broker: string;
  readonly authorityFile?: string | undefined;
  readonly certificateFile?: string | undefined;
  readonly keyFile?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
  /** The service manager's credentials directory, when it gave one. */
  readonly credentialsDirectory: string | undefined;
}

const CODE = /^\S{8,64}$/;

/** The broker with what it asks of us. @throws PORTICO_HOME_SECRET */
export function readHomeBroker(settings: HomeBrokerSettings): BrokerEndpoint {
  const { broker: url, username } = settings;
  const { authorityFile, certificateFile, keyFile } = settings;
  const tls = url.startsWith('mqtts:')
    ? {
        authority: readIfNamed(authorityFile, 'public'),
        certificate: readIfNamed(certificateFile, 'public'),
        privateKey: readIfNamed(keyFile, 'private'),
      }
    : undefined;
  if (username === undefined) return { url, tls };
  const password = readSecret('portico.home-password', settings.passwordFile, settings);
  return { url, tls, login: { username, password } };
}

/** The code with which this path may open. @throws PORTICO_HOME_SECRET */
export function readHomeCode(settings: {
  readonly codeFile?: string | undefined;
  readonly credentialsDirectory: string | undefined;
}): string {
  const code = readSecret('portico.home-code', settings.codeFile, settings);
  if (CODE.test(code)) return code;
  throw fault(
    'the code for Home Assistant is not 8 to 64 characters without spaces',
    'Write a new one, drawn by chance, into the file; Home Assistant asks for it when the door is to be opened.',
  );
}

/** A file that is named wins over the credential. */
function readSecret(
  credential: string,
  file: string | undefined,
  { credentialsDirectory }: { readonly credentialsDirectory: string | undefined },
): string {
  if (file !== undefined) return readText(file, 'private').trim();
  if (credentialsDirectory !== undefined) {
    return readText(join(credentialsDirectory, credential), 'public').trim();
  }
  throw fault(
    `there is no ${credential}`,
    'Name the file in the configuration (homeAssistant), or hand it over as a credential.',
  );
}

const readIfNamed = (path: string | undefined, kind: 'public' | 'private'): string | undefined =>
  path === undefined ? undefined : readText(path, kind);

function readText(path: string, kind: 'public' | 'private'): string {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const status = fstatSync(descriptor);
      if (kind === 'public' || (status.isFile() && (status.mode & 0o077) === 0)) {
        return readFileSync(descriptor, 'utf8');
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw fault(`${path} cannot be read`, 'Check the path and who may read it.', cause);
  }
  throw fault(`${path} is open to others`, `Run "chmod 0400 ${path}".`);
}

const fault = (message: string, remedy: string, cause?: unknown): ConfigError =>
  new ConfigError('PORTICO_HOME_SECRET', { message, remedy, cause });
