import { at, textAt, type Fields } from '../../lib/kubernetes/read';
import { signature, type SigningKey } from '../../lib/htcondor/id-token';
import { inPod } from '../cluster/suite';
import { notebookPod } from './pods';

/** A file of a notebook: its mode and owner, and what is in it. */
export interface TokenFile {
  readonly mode: string;
  readonly owner: number;
  readonly text: string;
}

const READ = `import json,os
found={}
for folder,_,names in os.walk("/run/af"):
    for name in names:
        path=os.path.join(folder,name)
        state=os.lstat(path)
        found[os.path.relpath(path,"/run/af")]={"mode":oct(state.st_mode & 0o777),"owner":state.st_uid,"text":open(path).read()}
print(json.dumps(found))`;

const RENEW = `import sys,time
sys.path.insert(0,"/etc/af"); sys.dont_write_bytecode=True
import start_notebook
start_notebook.Tokens().renew(int(time.time()))`;

function inNotebook(account: string, program: string): string {
  const { namespace, pod, container } = notebookPod(account);
  const { status, out, err } = inPod(namespace, pod, container, ['python3', '-c', program]);
  if (status !== 0) throw new Error(`in the notebook of ${account}: ${err}`);
  return out;
}

/** What is in the folder of tokens of a notebook, by path. */
export function tokenFiles(account: string): Readonly<Record<string, TokenFile>> {
  return JSON.parse(inNotebook(account, READ)) as Readonly<Record<string, TokenFile>>;
}

/** Lets the program that keeps tokens fresh ask at once: by itself it does so every few minutes. */
export function renewTokens(account: string): void {
  inNotebook(account, RENEW);
}

/** What a token of the pool says, if it is signed with the key. */
export function claimsOf(token: string, key: SigningKey): Fields {
  const [header = '', payload = '', signed] = token.split('.');
  if (signature(key, `${header}.${payload}`) !== signed) throw new Error('the token has another signature');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Fields;
}

/** When each token ends and what was wrong, as the notebook's own file says it. */
export function tokenStatus(account: string): {
  readonly ends: Fields;
  readonly messages: readonly string[];
} {
  const status: unknown = JSON.parse(tokenFiles(account)['status.json']?.text ?? '{}');
  const messages = at(status, 'messages');
  return {
    ends: (at(status, 'ends') ?? {}) as Fields,
    messages: Array.isArray(messages) ? messages.map(String) : [textAt(status, 'messages') ?? ''],
  };
}
