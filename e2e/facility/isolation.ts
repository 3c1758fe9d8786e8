import type { Site } from '../../lib/site/schema';
import { notebookPod } from '../jupyterhub/pods';
import type { Visitor } from '../jupyterhub/visitor';
import type { Attempt } from './attempts';
import { runCell } from './cells';
import type { Person } from './people';

/** A port of a program that a user runs in a notebook, such as a dashboard. */
const PROGRAM_PORT = 5006;

const marker = ({ visitor }: Person) => `only-of-${visitor.account}`;

/** Puts into a notebook what others are to look for: a file in the home, and a program that listens. */
export async function leaveTraces(person: Person): Promise<void> {
  const listen = `import http.server; http.server.HTTPServer(("", ${String(PROGRAM_PORT)}), http.server.SimpleHTTPRequestHandler).serve_forever()`;
  const said = await person.visitor.run(`import pathlib, socket, subprocess, sys, time
pathlib.Path("${marker(person)}.txt").write_text("mine")
subprocess.Popen([sys.executable, "-c", ${JSON.stringify(listen)}], start_new_session=True)
for _ in range(300):
    try:
        socket.create_connection(("127.0.0.1", ${String(PROGRAM_PORT)}), 1).close()
        print("listens")
        break
    except OSError:
        time.sleep(0.1)`);
  if (said.trim() !== 'listens') throw new Error(`no program listens in the notebook: ${said}`);
}

/** Tries from inside a notebook what is of another; who tries what is the own shows that the tries are good. */
export async function triesFromNotebook(site: Site, by: Person, on: Person): Promise<readonly Attempt[]> {
  const target = {
    user: on.visitor.account,
    address: notebookPod(on.visitor.account).address,
    port: PROGRAM_PORT,
    marker: marker(on),
    experiment: on.experiment,
    shared: (site.storage?.shared ?? [])
      .filter(({ experiments }) => experiments.includes(on.experiment))
      .map(({ name, mountPath }) => mountPath ?? `/shared/${name}`),
  };
  const tries = await runCell<readonly { readonly what: string; readonly refused: string | null }[]>(
    by,
    'reach',
    { TARGET: target },
  );
  return tries.map(({ what, refused }) => ({
    who: `${by.visitor.account} on ${on.visitor.account}`,
    what,
    refused: refused ?? undefined,
  }));
}

/** Pages and calls that lead to what is of a user, none of which changes anything for the user. */
const LOOKS = (account: string): Readonly<Record<string, string>> => ({
  'open the notebook': `/user/${account}/lab`,
  'list the files of the notebook': `/user/${account}/api/contents`,
  'list the kernels of the notebook': `/user/${account}/api/kernels`,
  'read the user at the hub': `/hub/api/users/${account}`,
  'list the tokens of the user': `/hub/api/users/${account}/tokens`,
  'open the form of the user': `/hub/spawn/${account}`,
});

/** Tries by the pages and calls of the facility, with the log-in of a browser. */
export async function triesByBrowser(
  { visitor: by }: Person,
  { visitor: on }: Person,
): Promise<readonly Attempt[]> {
  const tries: Attempt[] = [];
  for (const [what, where] of Object.entries(LOOKS(on.account))) {
    const { status } = await by.browser.open(by.at(where));
    tries.push({ who: `${by.account} on ${on.account}`, what, refused: refusal(status) });
  }
  return tries;
}

/** Calls that would change something for a user. */
export async function harmByBrowser(
  { visitor: by }: Person,
  { visitor: on }: Person,
): Promise<readonly Attempt[]> {
  const account = `/hub/api/users/${on.account}`;
  const calls = [
    ['stop the notebook', 'DELETE', `${account}/server`],
    ['make a token of the user', 'POST', `${account}/tokens`],
    ['run a kernel in the notebook', 'POST', `/user/${on.account}/api/kernels`],
    ['delete the user', 'DELETE', account],
  ] as const;
  const tries: Attempt[] = [];
  for (const [what, method, where] of calls) {
    const { status } = await call(by, method, where);
    tries.push({ who: `${by.account} on ${on.account}`, what, refused: refusal(status) });
  }
  return tries;
}

const call = (by: Visitor, method: string, where: string) =>
  by.browser.call(by.at(where), { method, ...(method === 'POST' ? { json: {} } : {}) });

/** Nothing but these is a refusal: a server that fails has not refused. */
const refusal = (status: number) => ([401, 403, 404].includes(status) ? `HTTP ${String(status)}` : undefined);
