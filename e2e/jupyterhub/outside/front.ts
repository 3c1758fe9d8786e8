/** Runs outside of the cluster: the server of the site's network group that ends TLS in front of the hub's port. */
import { readFileSync } from 'node:fs';
import { request as send, type IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { answer } from './process';

export interface FrontOptions {
  /** Its own address. */
  readonly address: string;
  readonly certificate: string;
  readonly key: string;
  /** Where the hub's port is: an address of a node. */
  readonly target: { readonly host: string; readonly port: number };
}

const { address, certificate, key, target } = JSON.parse(process.argv[2] ?? '') as FrontOptions;

/** As any such server has it. */
function headersOf(incoming: IncomingMessage) {
  return {
    ...incoming.headers,
    'x-forwarded-proto': 'https',
    'x-forwarded-host': incoming.headers.host,
    'x-forwarded-for': incoming.socket.remoteAddress,
  };
}

const server = createServer(
  { cert: readFileSync(certificate), key: readFileSync(key) },
  (incoming, outgoing) => {
    const { method, url } = incoming;
    const forwarded = send({ ...target, method, path: url, headers: headersOf(incoming) }, (reply) => {
      outgoing.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
      reply.pipe(outgoing);
    });
    forwarded.on('error', () => {
      if (!outgoing.headersSent) outgoing.writeHead(502);
      outgoing.end('The hub does not answer.');
    });
    incoming.pipe(forwarded);
  },
);

server.on('upgrade', (incoming: IncomingMessage, client, head) => {
  const upstream = connect(target, () => {
    const lines = Object.entries(headersOf(incoming)).map(([name, value]) => `${name}: ${String(value)}`);
    upstream.write(`${['GET ' + (incoming.url ?? '/') + ' HTTP/1.1', ...lines].join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
});

const calls = {};
export type FrontCalls = typeof calls;

answer(calls, new Promise<void>((resolve) => server.listen(443, address, resolve)));
