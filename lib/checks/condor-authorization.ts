import { title } from '../kubernetes/object';
import { labelsAt } from '../kubernetes/read';
import { ofKind, type Check, type SiteOutput } from './check';

/** A setting of a daemon's configuration. */
interface Setting {
  readonly name: string;
  readonly value: string;
}

/** Configuration files of the pool: every map with a file `20-….conf` in a namespace of HTCondor. */
function configurations(output: SiteOutput) {
  return ofKind(output, 'ConfigMap').flatMap((map) => {
    const files = Object.entries(labelsAt(map, 'data')).filter(([file]) => /^\d+-.*\.conf$/.test(file));
    return files.length > 0 && (map.metadata.namespace ?? '').startsWith('htcondor')
      ? [{ map, settings: files.flatMap(([, text]) => settings(text)) }]
      : [];
  });
}

function settings(text: string): Setting[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\w+)\s*=\s*(.*)$/.exec(line);
    return match?.[1] === undefined ? [] : [{ name: match[1], value: match[2] ?? '' }];
  });
}

const MUST_BE: Readonly<Record<string, string>> = {
  SEC_DEFAULT_AUTHENTICATION: 'REQUIRED',
  SEC_DEFAULT_ENCRYPTION: 'REQUIRED',
  SEC_DEFAULT_INTEGRITY: 'REQUIRED',
  SEC_DEFAULT_CRYPTO_METHODS: 'AES',
  SEC_ADMINISTRATOR_AUTHENTICATION_METHODS: 'FS',
  SEC_ENABLE_TOKEN_REQUEST: 'False',
  SEC_SCITOKENS_ALLOW_FOREIGN_TOKEN_TYPES: 'False',
};

const METHODS = ['FS', 'IDTOKENS', 'PASSWORD', 'SCITOKENS'];
const OWN_DOMAIN = '@$(UID_DOMAIN)';

/** What every user of the pool may be given: to look anywhere, and to send jobs where the queue is. */
const FOR_USERS = ['ALLOW_READ'];
const FOR_USERS_OF_A_QUEUE = [...FOR_USERS, 'ALLOW_WRITE'];

function wrong({ name, value }: Setting, forUsers: readonly string[]): string[] {
  const entries = value.split(',').map((entry) => entry.trim());
  if (name.startsWith('ALLOW_')) {
    return entries.flatMap((entry) => {
      if (!/^[\w*-]+@/.test(entry) || !entry.endsWith(OWN_DOMAIN))
        return [`${name} lets in ${entry}, who is nobody of the pool`];
      return entry.startsWith('*') && !forUsers.includes(name)
        ? [`${name} lets in every user, ${entry}`]
        : [];
    });
  }
  const must = MUST_BE[name];
  if (must !== undefined) return value === must ? [] : [`${name} is ${value}, not ${must}`];
  if (/^SEC_\w+_METHODS$/.test(name)) {
    const unknown = entries.filter((entry) => !METHODS.includes(entry));
    return unknown.map((method) => `${name} has ${method}`);
  }
  // A permission of its own must not be weaker than the default.
  return /^SEC_\w+_(?:AUTHENTICATION|ENCRYPTION|INTEGRITY)$/.test(name) && value !== 'REQUIRED'
    ? [`${name} is ${value}, not REQUIRED`]
    : [];
}

export const condorAuthorization: Check = {
  id: 'AF-HTC-40',
  why: 'One open permission, or a method that proves nothing, lets anybody run anything under any name.',
  needs: 'htcondor',
  look: (output) =>
    configurations(output).map(({ map, settings: all }) => {
      const hasQueue = all.some(({ name, value }) => name === 'DAEMON_LIST' && value.includes('SCHEDD'));
      const problems = [
        ...Object.keys(MUST_BE)
          .filter((name) => !all.some((setting) => setting.name === name))
          .map((name) => `does not state ${name}`),
        ...['READ', 'WRITE', 'DAEMON', 'ADMINISTRATOR', 'NEGOTIATOR', 'ADVERTISE_STARTD']
          .filter((permission) => !all.some(({ name }) => name === `ALLOW_${permission}`))
          .map((permission) => `does not state ALLOW_${permission}, so that the package decides`),
        ...all.flatMap((setting) => wrong(setting, hasQueue ? FOR_USERS_OF_A_QUEUE : FOR_USERS)),
      ];
      return { subject: title(map), problems };
    }),
};
