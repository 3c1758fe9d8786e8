import { readFileSync } from 'node:fs';
import path from 'node:path';
import YAML from 'yaml';
import { z } from 'zod';
import type { KubernetesObject } from '../../lib/kubernetes/object';
import { listAt } from '../../lib/kubernetes/read';
import { mustKubectl } from '../cluster/kubectl';
import type { Look } from './look';

/** What `of`, and of them only those `named`, may be done to; each verb or few of them with its reason. */
const Row = z.strictObject({
  of: z.array(z.string()).min(1),
  named: z.array(z.string()).min(1).optional(),
  may: z.record(z.string(), z.string().min(10)),
});
const Account = z.strictObject({
  everywhere: z.array(Row).default([]),
  within: z.record(z.string(), z.array(Row)).default({}),
  /** What a switch of the site gives, everywhere. */
  switched: z.array(Row).default([]),
});
const Table = z.record(z.string(), Account);
type Row = z.infer<typeof Row>;
export type RightsTable = z.infer<typeof Table>;

/** The table that people wrote: `namespace/account` to what it may do, and why. `*` stands for the name of an experiment. */
export const RIGHTS: RightsTable = Table.parse(
  YAML.parse(readFileSync(path.join(__dirname, '..', 'api', 'rights.yaml'), 'utf8')),
);

/** A namespace of every cluster that dist does not touch: what is allowed there is allowed everywhere. */
const ELSEWHERE = 'default';

/** `kubectl auth can-i --list` of an account in a namespace, one line for each verb on each resource. */
function canI(account: string, namespace: string): Set<string> {
  const [home = '', name = ''] = account.split('/');
  const text = mustKubectl([
    ...['auth', 'can-i', '--list', '--no-headers', `--namespace=${namespace}`],
    `--as=system:serviceaccount:${home}:${name}`,
  ]);
  return new Set(
    text.split('\n').flatMap((line) => {
      const [, resource, urls = '', names = '', verbs = ''] =
        /^(\S*)\s+\[(.*?)\]\s+\[(.*?)\]\s+\[(.*?)\]\s*$/.exec(line) ?? [];
      if (resource === undefined) return [];
      const things = resource === '' ? words(urls) : [resource];
      return things.flatMap((thing) => rights(thing, words(names), words(verbs)));
    }),
  );
}

const words = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');

function rights(thing: string, names: readonly string[], verbs: readonly string[]): string[] {
  return verbs.flatMap((verb) =>
    names.length === 0 ? [`${verb} ${thing}`] : names.map((name) => `${verb} ${thing} named ${name}`),
  );
}

function written(rows: readonly Row[]): string[] {
  return rows.flatMap(({ of, named = [], may }) =>
    of.flatMap((thing) => rights(thing, named, Object.keys(may).flatMap(words))),
  );
}

/** What Kubernetes itself gives to every account: asked for before dist is applied. */
export function givenToAll(): ReadonlySet<string> {
  return canI(`${ELSEWHERE}/default`, ELSEWHERE);
}

/** Whether each service account of dist may do what the table says, no more and no less, wherever it may do anything. */
export function rightsOfAccounts(
  objects: readonly KubernetesObject[],
  toAll: ReadonlySet<string>,
  table: RightsTable = RIGHTS,
): Look {
  const accounts = objects
    .filter(({ kind }) => kind === 'ServiceAccount')
    .map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
  let looked = 0;
  const objections = accounts.flatMap((account) => {
    const row = rowOf(account, table);
    if (row === undefined) return [`${account} is not in e2e/api/rights.yaml`];
    const [home = ''] = account.split('/');
    const places = new Set([ELSEWHERE, home, ...Object.keys(row.within), ...bindingsOf(account, objects)]);
    return [...places].flatMap((namespace) => {
      const found = canI(account, namespace);
      const expected = new Set([...written(row.everywhere), ...written(row.within[namespace] ?? [])]);
      const switched = new Set(written(row.switched));
      looked += found.size;
      return [
        ...[...found]
          .filter((right) => ![expected, switched, toAll].some((known) => known.has(right)))
          .map((right) => `${account} may ${right} in ${namespace}, and the table has no reason for it`),
        ...[...expected]
          .filter((right) => !found.has(right))
          .map((right) => `${account} may not ${right} in ${namespace}, and the table says why it must`),
      ];
    });
  });
  return { looked, objections };
}

function rowOf(account: string, table: RightsTable): RightsTable[string] | undefined {
  for (const [name, row] of Object.entries(table)) {
    const [fits, experiment = ''] = new RegExp(`^${name.replace('*', '([^/]+)')}$`).exec(account) ?? [];
    if (fits === undefined) continue;
    const within = Object.entries(row.within).map(([place, rows]) => [place.replace('*', experiment), rows]);
    return { ...row, within: Object.fromEntries(within) as typeof row.within };
  }
  return undefined;
}

/** Namespaces in which dist binds a role to an account. */
function bindingsOf(account: string, objects: readonly KubernetesObject[]): string[] {
  return objects
    .filter(
      (object) =>
        object.kind === 'RoleBinding' &&
        listAt(object, 'subjects').some(
          (subject) => `${String(subject['namespace'])}/${String(subject['name'])}` === account,
        ),
    )
    .map(({ metadata }) => metadata.namespace ?? '');
}
