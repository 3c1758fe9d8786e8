/**
 * Runs outside of the cluster: cables from the test, which is not in this network, to hosts that are. Each is a socket in
 * a folder, called by the name of its host.
 */
import { rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import path from 'node:path';
import { answer } from './process';

export interface CablesOptions {
  readonly folder: string;
  /** Host name to where its port for HTTPS is. */
  readonly hosts: Readonly<Record<string, { readonly host: string; readonly port: number }>>;
}

const { folder, hosts } = JSON.parse(process.argv[2] ?? '') as CablesOptions;

const ready = Object.entries(hosts).map(
  ([name, target]) =>
    new Promise<void>((resolve) => {
      rmSync(path.join(folder, name), { force: true });
      createServer((near) => {
        const far = connect(target);
        near.pipe(far).pipe(near);
        near.on('error', () => far.destroy());
        far.on('error', () => near.destroy());
      }).listen(path.join(folder, name), resolve);
    }),
);

const calls = {};
export type CablesCalls = typeof calls;

answer(calls, Promise.all(ready));
