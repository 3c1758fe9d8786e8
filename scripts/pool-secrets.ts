/**
 * `npm run pool-secrets -- <site> --out <folder>`: makes the secrets of a site's HTCondor pool as manifests.
 *
 * The folder must be outside the repository: what is in git once is public for ever. With `--signing-key <file>` only
 * the tokens are made anew, signed by the key that the pool has; with `--keep-password` only those that a pool with a
 * password has beside it. When each token ends goes into a ConfigMap, for the exporter.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import YAML from 'yaml';
import { loadSites } from '../lib/commands/load-sites';
import { poolSecrets, tokenExpiries } from '../lib/htcondor/pool-secrets';
import { NAMESPACE, TOKEN_EXPIRY } from '../lib/htcondor/release';
import { isMonitored, pool } from '../lib/site-props/htcondor';

const root = realpathSync(path.join(__dirname, '..'));
const terminal = {
  say: (text: string) => {
    console.log(text);
  },
  complain: (text: string) => {
    console.error(text);
  },
  progress: () => undefined,
};

function stop(message: string, code: 1 | 2): never {
  console.error(message);
  process.exit(code);
}

/** The folder that a path is in or would be in, links followed. */
function real(folder: string): string {
  return existsSync(folder)
    ? realpathSync(folder)
    : path.join(real(path.dirname(folder)), path.basename(folder));
}

function argumentsOf(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        'signing-key': { type: 'string' },
        'keep-password': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return stop(error instanceof Error ? error.message : String(error), 2);
  }
}

const { values, positionals } = argumentsOf(process.argv.slice(2));
const [name] = positionals;
if (name === undefined || positionals.length > 1 || values.out === undefined)
  stop('Usage: npm run pool-secrets -- <site> --out <folder> [--signing-key <file> | --keep-password]', 2);

const out = real(path.resolve(values.out));
if (!path.relative(root, out).startsWith('..'))
  stop(`${values.out} is inside the repository. Secrets belong outside of it.`, 2);

const loaded = loadSites(root, [name], terminal);
if (typeof loaded === 'number') process.exit(loaded);
const site = loaded.sites[0]?.site;
if (!site?.htcondor) stop(`The site ${name} has no section htcondor.`, 2);

const { trustDomain, method } = pool(site, site.htcondor);
const keyFile = values['signing-key'];
if (keyFile !== undefined && method === 'password')
  stop(
    'With security.daemons.method: password there is no signing key: --keep-password renews its tokens.',
    2,
  );
const keepsPassword = values['keep-password'];
if (keepsPassword && method === 'idtokens')
  stop('--keep-password is for a pool with security.daemons.method: password.', 2);
if (keyFile !== undefined && !existsSync(keyFile)) stop(`${keyFile} does not exist.`, 2);

const secrets = poolSecrets({
  trustDomain,
  method,
  ...(site.jupyterhub ? { hubNamespace: 'jupyterhub' } : {}),
  monitored: isMonitored(site),
  keepsPassword,
  now: Math.floor(Date.now() / 1000),
  random: (bytes) => randomBytes(bytes).toString('hex'),
  ...(keyFile === undefined ? {} : { signingKey: readFileSync(keyFile, 'utf8') }),
});

const target = (namespace: string, secret: string) => path.join(out, `${namespace}.${secret}.yaml`);
// A key that is written over is a pool that nobody can log in to.
const expiryFile = target(NAMESPACE, TOKEN_EXPIRY);
const there = [...secrets.map((secret) => target(secret.namespace, secret.name)), expiryFile].filter(
  existsSync,
);
if (there.length > 0) stop(`${there.join(', ')}: exists already; choose an empty folder.`, 1);
mkdirSync(out, { recursive: true, mode: 0o700 });
for (const secret of secrets) {
  const { namespace, name: secretName, values: stringData, expires } = secret;
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secretName, namespace },
    type: 'Opaque',
    stringData,
  };
  writeFileSync(target(namespace, secretName), YAML.stringify(manifest, { lineWidth: 0 }), { mode: 0o600 });
  const end = expires === undefined ? '' : `, ends on ${new Date(expires * 1000).toISOString().slice(0, 10)}`;
  console.log(`${target(namespace, secretName)}${end}`);
}
const expiries = tokenExpiries(secrets);
if (Object.keys(expiries).length > 0) {
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: TOKEN_EXPIRY, namespace: NAMESPACE },
    data: expiries,
  };
  writeFileSync(expiryFile, YAML.stringify(manifest), { mode: 0o600 });
  console.log(`${expiryFile}, for the exporter`);
}
console.log(`\nNow: kubectl apply --server-side -f ${out}, then remove the folder or seal it.`);
