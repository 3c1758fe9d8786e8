import type { Site } from '../../lib/site/schema';
import { readSite } from '../cluster/cluster';
import { waitFor } from '../cluster/suite';
import { say } from '../suite/look';
import { hubFile, startFacility, type Facility, type HubFile } from './facility';
import type { Issued } from './outside/iam';
import { endHub, hubIsReady, inHub } from './pods';
import type { Visitor } from './visitor';

/** Reads the tokens that a log-in has stored; only the hub's own key opens them. */
const STORED_TOKENS = `import asyncio,json,sqlite3,sys
from jupyterhub.crypto import CryptKeeper
keys=open("/usr/local/etc/jupyterhub/secret/crypt_keys").read().strip().split(";")
row=sqlite3.connect("file:/srv/jupyterhub/jupyterhub.sqlite?mode=ro",uri=True).execute("select encrypted_auth_state from users where name=?",(sys.argv[1],)).fetchone()
async def read(): return await CryptKeeper(keys=keys).decrypt(row[0])
print(json.dumps(asyncio.run(read())))`;

/** The hub of a site's dist, the people who come to it, and what was counted of them. */
export class HubBench {
  readonly site: Site;
  readonly file: HubFile;
  readonly figures = { logIns: 0, spawns: 0, refused: 0, cells: [] as number[] };
  private running: Facility | undefined;
  private readonly people = new Map<string, Visitor>();
  private readonly logIns = new Map<string, bigint>();

  constructor(readonly name: string) {
    this.site = readSite(name);
    this.file = hubFile(name);
  }

  get facility(): Facility {
    if (!this.running) throw new Error(`the hub of ${this.name} was not started`);
    return this.running;
  }

  async start(): Promise<void> {
    this.running = await startFacility(this.site, say);
  }

  stop(): void {
    this.running?.world.stop();
    const { logIns, spawns, refused, cells } = this.figures;
    say(
      `${this.name}: ${String(logIns)} log-ins, ${String(spawns)} notebooks, ${String(refused)} refusals; seconds from the click to the answer of the first cell: ${cells.map((seconds) => seconds.toFixed(1)).join(', ')}`,
    );
  }

  /** Somebody with a browser of their own, logged in or not. */
  person(name: string): Visitor {
    return this.people.get(name) ?? this.stranger(name);
  }

  /** The same person with a new browser. */
  stranger(name: string): Visitor {
    const visitor = this.facility.world.visitor(name);
    this.people.set(name, visitor);
    return visitor;
  }

  /** Somebody who has logged in. */
  async member(name: string, groups = this.file.login.allowedGroups.slice(0, 1)): Promise<Visitor> {
    await this.facility.world.iam.enrol({ name, groups });
    const visitor = this.stranger(name);
    const page = await visitor.logIn();
    expect({ status: page.status, path: page.url.pathname }).toEqual({ status: 200, path: '/hub/spawn' });
    this.figures.logIns += 1;
    this.logIns.set(name, process.hrtime.bigint());
    return visitor;
  }

  /** Milliseconds since a member's log-in. */
  sinceLogIn(name: string): number {
    const at = this.logIns.get(name);
    if (at === undefined) throw new Error(`${name} has not logged in`);
    return Number((process.hrtime.bigint() - at) / 1_000_000n);
  }

  /** From the click to the answer of the first cell. */
  async clickToCell(
    visitor: Visitor,
    choice: Readonly<Record<string, string>>,
    code: string,
  ): Promise<string> {
    const from = process.hrtime.bigint();
    const page = await visitor.spawn(choice);
    expect({ status: page.status, path: page.location?.pathname }).toEqual({
      status: 302,
      path: `/hub/spawn-pending/${visitor.account}`,
    });
    await visitor.notebook();
    const output = await visitor.run(code);
    this.figures.spawns += 1;
    this.figures.cells.push(Number((process.hrtime.bigint() - from) / 1_000_000n) / 1000);
    return output;
  }

  async restartHub(): Promise<void> {
    endHub();
    await hubIsReady();
    const anybody = this.person('Alice.Rossi');
    await waitFor('the hub answers at its public name', 60, async () => {
      const { status } = await anybody.browser.send(anybody.at('/hub/health'));
      return status === 200 ? [] : [String(status)];
    });
  }

  async lastIssued(person: string, grant: string): Promise<readonly Issued[]> {
    const issued = await this.facility.world.iam.issued();
    return issued.filter((each) => each.person === person && each.grant === grant);
  }

  /** The tokens that the hub keeps of an account. */
  stored(account: string): { readonly access_token: string; readonly refresh_token: string } {
    return JSON.parse(inHub(STORED_TOKENS, account)) as { access_token: string; refresh_token: string };
  }

  /** Waits until the log-in service takes a token no longer. */
  async ended(token: string): Promise<void> {
    const anybody = this.person('Alice.Rossi');
    await waitFor('the token has ended', 15, async () => {
      const { status } = await anybody.browser.send(new URL('/userinfo', this.facility.world.issuer), {
        headers: { authorization: `Bearer ${token}` },
      });
      return status === 401 ? [] : [String(status)];
    });
  }
}
