import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer, type Server as TlsServer } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { pkiFile } from '../cluster/pki';

/** Bare repositories over HTTPS, and a proxy that makes the host of an Application's URL lead to them. */
export interface GitServer {
  /** For HTTPS_PROXY. */
  readonly proxy: string;
  readonly stop: () => void;
}

const LOOPBACK = '127.0.0.1';

/** Serves `<root>/<path>.git`; the certificate is `<host>.crt` of the run. Every host but this one is refused. */
export async function startGitServer(root: string, host: string): Promise<GitServer> {
  const tls = { cert: readFileSync(pkiFile(`${host}.crt`)), key: readFileSync(pkiFile(`${host}.key`)) };
  const server = createServer(tls, (request, response) => {
    serve(root, request, response);
  });
  await listen(server);
  const proxy = createProxy();
  proxy.on('connect', (request, client) => {
    if (request.url !== `${host}:443`) {
      client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    const upstream = connect(portOf(server), LOOPBACK, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  await listen(proxy);
  return {
    proxy: `http://${LOOPBACK}:${String(portOf(proxy))}`,
    stop() {
      for (const each of [proxy, server]) {
        each.closeAllConnections();
        each.close();
      }
    },
  };
}

function listen(server: Server | TlsServer): Promise<void> {
  return new Promise((resolve) => server.listen(0, LOOPBACK, resolve));
}

function portOf(server: Server | TlsServer): number {
  return (server.address() as AddressInfo).port;
}

/** Hands a request to git's own server program, as any web server does. */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'https://localhost');
  const header = (name: string) => String(request.headers[name] ?? '');
  const backend = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'safe.directory',
      GIT_CONFIG_VALUE_0: '*',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: header('content-type'),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      GIT_PROTOCOL: header('git-protocol'),
    },
  });
  request.pipe(backend.stdin).on('error', () => undefined);
  let head = Buffer.alloc(0);
  const onHead = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    backend.stdout.off('data', onHead);
    for (const line of head.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(/:\s*/, 2);
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.write(head.subarray(end + 4));
    backend.stdout.pipe(response);
  };
  backend.stdout.on('data', onHead);
  backend.on('close', () => response.end());
}
