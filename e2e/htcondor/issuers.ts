import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Site } from '../../lib/site/schema';
import { RUN } from '../cluster/cache';
import { playHosts } from '../cluster/dns';
import { ownAddress } from '../cluster/network';
import { publicCertificate } from '../cluster/public-ca';
import { logEnd, start, until } from '../cluster/processes';
import type { Served } from './serve-issuers';
import { TokenIssuer } from './token-issuer';

/** A documentation address (RFC 5737): to policies it is one of the Internet. */
const ADDRESS = '203.0.113.200';
const SERVER = 'node@issuers';

export interface Issuers {
  /** The first issuer of each experiment, under its committed URL. */
  readonly of: Readonly<Record<string, TokenIssuer>>;
  /** Works as the others do, and no site names it. */
  readonly stranger: TokenIssuer;
}

/** Plays the issuers that a site names, and one that it does not, where the access point looks for their keys. */
export async function startIssuers(site: Site): Promise<Issuers> {
  const of = Object.fromEntries(
    site.experiments.flatMap(({ name, tokenIssuers: [first] }) =>
      first ? [[name, new TokenIssuer(first.url)]] : [],
    ),
  );
  const stranger = new TokenIssuer('https://stranger.example.net/');
  const all = [...Object.values(of), stranger];
  const hosts = all.map(({ host }) => host);
  ownAddress(ADDRESS);
  const [first = '', ...others] = hosts;
  const { certificate, key } = publicCertificate(first, ...others);
  const served: Served = {
    address: ADDRESS,
    port: 443,
    cert: certificate,
    key,
    documents: Object.fromEntries(all.map((issuer) => [issuer.host, issuer.documents()])),
  };
  const file = path.join(RUN, 'issuers.json');
  writeFileSync(file, JSON.stringify(served));
  const script = path.join(__dirname, 'serve-issuers.ts');
  const env = { ...process.env, TS_NODE_PROJECT: path.join(__dirname, '..', '..', 'tsconfig.json') };
  start(process.execPath, ['--require', require.resolve('ts-node/register'), script, file], env, {
    instance: 'issuers',
  });
  await until('the token issuers answer', SERVER, 60, () => logEnd(SERVER).includes('listening'));
  playHosts(site, Object.fromEntries(hosts.map((host) => [host, ADDRESS])));
  return { of, stranger };
}
