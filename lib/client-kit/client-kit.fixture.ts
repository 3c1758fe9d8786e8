import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSite } from '../site/parse';
import { parsePoolCa, type CaCertificate } from '../site/pool-ca';
import type { Site } from '../site/schema';
import { clientKitProps } from '../site-props/client-kit';
import type { ClientKitProps } from './props';

const SITES = path.join(__dirname, '..', '..', 'sites');
const FIXTURES = path.join(__dirname, '..', 'site', 'fixtures');

function parse(file: string, folder: string, change = (text: string) => text): Site {
  const parsed = parseSite({ file, folder, bytes: Buffer.from(change(readFileSync(file, 'utf8'))) });
  if (!('site' in parsed)) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site;
}
/** A site of the repository. */
export const real = (name: string) => parse(path.join(SITES, name, 'site.yaml'), name);
/** The site that says all there is to say. @param change made to its text */
export const full = (change?: (text: string) => string) =>
  parse(path.join(FIXTURES, 'good', 'full.yaml'), 'full', change);

function committed(): readonly CaCertificate[] {
  const text = readFileSync(path.join(FIXTURES, 'pool-ca', 'root.crt'), 'utf8');
  const parsed = parsePoolCa({ file: 'root.crt', text });
  if (!('certificates' in parsed)) throw new Error('the CA of the fixtures is wrong');
  return parsed.certificates;
}
/** What a site may have committed. */
export const ca = committed();

export function propsOf(site: Site, poolCa?: readonly CaCertificate[]): ClientKitProps {
  const props = clientKitProps(site, poolCa);
  if ('reason' in props) throw new Error(props.reason);
  return props;
}
