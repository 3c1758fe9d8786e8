/** Runs outside of the cluster: something that answers on a port, so that a connection that fails was refused on the way. */
import { createServer } from 'node:http';
import { answer } from './process';

export interface ListenerOptions {
  readonly address: string;
  readonly port: number;
}

const { address, port } = JSON.parse(process.argv[2] ?? '') as ListenerOptions;
const server = createServer((_, response) => response.end('reached\n'));

const calls = {};
export type ListenerCalls = typeof calls;

answer(calls, new Promise<void>((resolve) => server.listen(port, address, resolve)));
