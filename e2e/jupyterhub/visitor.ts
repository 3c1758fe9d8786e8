import { setTimeout as sleep } from 'node:timers/promises';
import { Browser, type Page, type Reach } from './browser';
import { Kernel } from './kernel';

const unescape = (text: string) =>
  text.replaceAll('&amp;', '&').replaceAll('&#x2F;', '/').replaceAll('&#39;', "'");

/** Somebody at a browser, who knows the address of the facility and the own name. */
export class Visitor {
  readonly browser: Browser;

  constructor(
    readonly name: string,
    private readonly hub: string,
    reach: Reach,
  ) {
    this.browser = new Browser(reach);
  }

  /** As it is in paths of the hub. */
  get account(): string {
    return this.name.toLowerCase();
  }

  at(path: string): URL {
    return new URL(path, `https://${this.hub}`);
  }

  /** The address that the button of the log-in page leads to. */
  async loginButton(): Promise<URL> {
    const page = await this.browser.open(this.at('/'));
    const link = /href=['"]([^'"]*\/hub\/oauth_login[^'"]*)['"]/.exec(page.text)?.[1];
    if (link === undefined)
      throw new Error(`no button for log-in at ${page.url.href} (${String(page.status)})\n${page.text}`);
    return new URL(unescape(link), page.url);
  }

  /** Presses the button, says the name at the log-in service, and comes back: the page is what the hub then shows. */
  async logIn(): Promise<Page> {
    const form = await this.browser.open(await this.loginButton());
    if (form.url.hostname === this.hub) return form;
    return this.browser.open(form.url, { form: { username: this.name } });
  }

  /** What the hub knows of this person. */
  async whoAmI(): Promise<{ readonly status: number; readonly user: Readonly<Record<string, unknown>> }> {
    const { status, text } = await this.browser.call(this.at('/hub/api/user'));
    return { status, user: status === 200 ? (JSON.parse(text) as Readonly<Record<string, unknown>>) : {} };
  }

  /** The form with the profiles. */
  async spawnPage(): Promise<Page> {
    return this.browser.open(this.at('/hub/spawn'));
  }

  /** Sends the form with the profiles. */
  async spawn(choice: Readonly<Record<string, string>>): Promise<Page> {
    const form = await this.spawnPage();
    const token = await this.browser.cookie(this.at('/hub/'), '_xsrf');
    return this.browser.send(form.url, {
      form: { ...choice, _xsrf: token },
      headers: { referer: form.url.href },
    });
  }

  /** The same by the interface for programs. */
  async spawnByApi(options: object): Promise<Page> {
    return this.browser.call(this.at(`/hub/api/users/${this.account}/server`), {
      method: 'POST',
      json: options,
    });
  }

  /** Looks at the page of the server until it is there. */
  async notebook(seconds = 180): Promise<Page> {
    const path = `/user/${this.account}/lab`;
    let page: Page | undefined;
    for (let half = 0; half < seconds * 2; half++) {
      page = await this.browser.open(this.at(path));
      if (page.status === 200 && page.url.pathname.startsWith(path)) return page;
      if (page.status === 500) break;
      await sleep(500);
    }
    throw new Error(
      `no notebook of ${this.name}, but ${String(page?.status)} ${page?.url.href ?? ''}\n${page?.text ?? ''}`,
    );
  }

  /** A new kernel of the notebook. */
  async kernel(): Promise<Kernel> {
    return Kernel.start(this.browser, this.at(`/user/${this.account}/`));
  }

  /** Runs code in a new kernel of the notebook. What it prints is the answer; an error of it is thrown. */
  async run(code: string): Promise<string> {
    const kernel = await this.kernel();
    try {
      return (await kernel.run(code)).printed;
    } finally {
      await kernel.end();
    }
  }

  /** Stops the server, and waits until the hub has nothing left of it. */
  async stop(): Promise<void> {
    const server = this.at(`/hub/api/users/${this.account}/server`);
    const { status, text } = await this.browser.call(server, { method: 'DELETE' });
    if (status !== 202 && status !== 204)
      throw new Error(`the server is not stopped: ${String(status)} ${text}`);
    await this.settled();
  }

  /** What the hub says of the server, once it neither starts nor stops. */
  async settled(): Promise<{ readonly server: string | null; readonly pending: string | null }> {
    let text = '';
    for (let half = 0; half < 120; half++) {
      const page = await this.browser.call(this.at(`/hub/api/users/${this.account}`));
      text = page.text;
      if (page.status === 200) {
        const { server, pending } = JSON.parse(text) as { server: string | null; pending: string | null };
        if (pending === null) return { server, pending };
      }
      await sleep(500);
    }
    throw new Error(`the server of ${this.name} neither starts nor stops: ${text}`);
  }
}
