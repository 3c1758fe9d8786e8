import { request as send } from 'node:https';
import { connect, type ConnectionOptions } from 'node:tls';
import { CookieJar } from 'tough-cookie';
import { WebSocket } from 'ws';

/** How a browser reaches hosts. */
export interface Reach {
  /** Socket that leads to a host. */
  readonly socket: (host: string) => string;
  /** The authority that browsers trust. */
  readonly ca: Buffer;
}

export interface Page {
  readonly url: URL;
  readonly status: number;
  /** Where it leads, when it is a redirect that was not followed. */
  readonly location?: URL;
  readonly text: string;
}

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

const MOST_REDIRECTS = 20;

/** The browser of one person: keeps cookies, follows redirects, fills in forms; TLS is checked as anywhere. */
export class Browser {
  private readonly jar = new CookieJar();

  constructor(private readonly reach: Reach) {}

  /** One request, redirects not followed. */
  async send(url: URL, { method, headers = {}, form, json }: Sent = {}): Promise<Page> {
    const body = form
      ? new URLSearchParams(form).toString()
      : json === undefined
        ? undefined
        : JSON.stringify(json);
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const all = {
      host: url.host,
      cookie: await this.jar.getCookieString(url.href),
      ...(body === undefined
        ? {}
        : { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    const page = await new Promise<Page & { readonly cookies: readonly string[] }>((resolve, reject) => {
      const request = send(
        {
          ...this.tls(url),
          agent: false,
          method: method ?? (body === undefined ? 'GET' : 'POST'),
          path: `${url.pathname}${url.search}`,
          headers: all,
          timeout: 60_000,
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const { location } = response.headers;
            resolve({
              url,
              status: response.statusCode ?? 0,
              text: Buffer.concat(chunks).toString(),
              cookies: response.headers['set-cookie'] ?? [],
              ...(location === undefined ? {} : { location: new URL(location, url) }),
            });
          });
        },
      );
      request.on('error', reject);
      request.on('timeout', () => request.destroy(new Error(`${url.href} does not answer`)));
      request.end(body);
    });
    for (const cookie of page.cookies) await this.jar.setCookie(cookie, url.href, { ignoreError: true });
    return page;
  }

  /** A page, through all redirects until `stop` says that this one is not to be followed. */
  async open(url: URL, first: Sent = {}, stop: (url: URL) => boolean = () => false): Promise<Page> {
    let page = await this.send(url, first);
    for (let redirect = 0; page.location && !stop(page.location); redirect++) {
      if (redirect > MOST_REDIRECTS) throw new Error(`${url.href} leads in circles, to ${page.url.href}`);
      page = await this.send(page.location);
    }
    return page;
  }

  /** A request of a page's own script: with the token that only pages of this origin can read. */
  async call(url: URL, sent: Sent = {}): Promise<Page> {
    const token = await this.cookie(url, '_xsrf');
    return this.send(url, { ...sent, headers: { ...sent.headers, 'x-xsrftoken': token, referer: url.href } });
  }

  async cookie(url: URL, name: string): Promise<string> {
    const cookies = await this.jar.getCookies(url.href);
    return cookies.find(({ key }) => key === name)?.value ?? '';
  }

  async socket(url: URL): Promise<WebSocket> {
    const origin = new URL(url.href.replace(/^ws/, 'http'));
    const socket = new WebSocket(url, {
      origin: origin.origin,
      headers: { cookie: await this.jar.getCookieString(origin.href) },
      createConnection: () => connect(this.tls(origin)),
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return socket;
  }

  private tls({ hostname }: URL): ConnectionOptions & { socketPath: string } {
    const path = this.reach.socket(hostname);
    return { path, socketPath: path, servername: hostname, ca: this.reach.ca };
  }
}
