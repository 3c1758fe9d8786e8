/** Runs beside the cluster: serves the documents of token issuers over HTTPS, each under its own host name. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

export interface Served {
  readonly address: string;
  readonly port: number;
  /** Files of the certificate for all hosts, and of its key. */
  readonly cert: string;
  readonly key: string;
  /** Host name to path to document. */
  readonly documents: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const [file = ''] = process.argv.slice(2);
const served = JSON.parse(readFileSync(file, 'utf8')) as Served;

createServer({ cert: readFileSync(served.cert), key: readFileSync(served.key) }, (request, response) => {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  // An issuer whose name ends in a slash is asked with two of them, which web servers take for one.
  const document = served.documents[host]?.[(request.url ?? '').replace(/^\/+/, '/')];
  console.log(request.socket.remoteAddress, host, request.method, request.url, document ? 200 : 404);
  response.writeHead(document ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(document ?? {}));
}).listen(served.port, served.address, () => {
  console.log('listening');
});
