import {
  ACME,
  acmeWith,
  CLOUDFLARE,
  dns01,
  EXISTING_CA,
  GATEWAY,
  INGRESS,
  PRIVATE_CA,
  RFC2136,
} from './issuers.fixture';
import { neededSecrets } from './needed-secrets';

test('needed are those Secrets that only an admin can make, one entry for each Secret of an issuer', () => {
  const found = neededSecrets([
    ACME,
    PRIVATE_CA,
    EXISTING_CA,
    acmeWith(dns01(RFC2136)),
    acmeWith(CLOUDFLARE),
  ]);
  expect(found.map(({ namespace, name, keys }) => ({ namespace, name, keys }))).toEqual([
    { namespace: 'cert-manager', name: 'aws', keys: ['id', 'secret'] },
    { namespace: 'cert-manager', name: 'ca-key-pair', keys: ['tls.crt', 'tls.key'] },
    { namespace: 'cert-manager', name: 'tsig', keys: ['key'] },
    { namespace: 'cert-manager', name: 'cloudflare', keys: ['token'] },
  ]);
  for (const { purpose } of found) expect(purpose).toMatch(/^[A-Z].+\.$/);
});

test('no Secret is needed for a CA born in the cluster or an answer over HTTP', () => {
  expect(neededSecrets([PRIVATE_CA, acmeWith(GATEWAY), acmeWith(INGRESS)])).toEqual([]);
});
