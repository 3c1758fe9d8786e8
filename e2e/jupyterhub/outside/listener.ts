/** Runs outside of the cluster: something that answers on ports, so that a connection that fails was refused on the way. */
import { createServer } from 'node:http';
import { answer } from './process';

export interface Listening {
  readonly address: string;
  readonly port: number;
}

const places = JSON.parse(process.argv[2] ?? '') as readonly Listening[];
const ready = places.map(
  ({ address, port }) =>
    new Promise<void>((resolve) => {
      createServer((_, response) => response.end('reached\n')).listen(port, address, resolve);
    }),
);

const calls = {};
export type ListenerCalls = typeof calls;

answer(calls, Promise.all(ready));
