import { App, Chart } from 'cdk8s';
import type { KubernetesObject } from '../kubernetes/object';
import { PROTECTED } from '../kubernetes/protection';
import { Certificates, SELF_SIGNED, type CertificatesProps } from './certificates';
import type { AcmeSolver, Issuer } from './issuer';
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

const FULL: Required<CertificatesProps> = { issuers: [ACME, PRIVATE_CA, EXISTING_CA] };

function synth(...issuers: Issuer[]): KubernetesObject[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  new Certificates(chart, 'certificates', { issuers });
  const objects: unknown[] = chart.toJson();
  return objects.filter(isObject);
}

function isObject(value: unknown): value is KubernetesObject {
  return typeof value === 'object' && value !== null && 'kind' in value && 'metadata' in value;
}

const names = (objects: readonly KubernetesObject[], kind: string) =>
  objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
const specOf = (objects: readonly KubernetesObject[], kind: string, name: string) =>
  objects.find((object) => object.kind === kind && object.metadata.name === name)?.['spec'];
const solverOf = (solver: AcmeSolver) => specOf(synth(acmeWith(solver)), 'ClusterIssuer', 'public');

test('every issuer becomes a ClusterIssuer of its name', () => {
  expect(names(synth(...FULL.issuers), 'ClusterIssuer')).toEqual([
    SELF_SIGNED,
    'public',
    'pool-ca',
    'institute',
  ]);
});

test('the self-signed issuer exists once for all private CAs, and not without one', () => {
  const two = synth(PRIVATE_CA, { ...PRIVATE_CA, name: 'dask-ca' });
  expect(names(two, 'ClusterIssuer')).toEqual([SELF_SIGNED, 'pool-ca', 'dask-ca']);
  expect(names(synth(ACME, EXISTING_CA), 'ClusterIssuer')).not.toContain(SELF_SIGNED);
});

test('no key, token or other value of a Secret is stated, and no bundle', () => {
  const objects = synth(...FULL.issuers);
  expect(objects.filter(({ kind }) => kind === 'Secret')).toEqual([]);
  expect(JSON.stringify(objects)).not.toMatch(/caBundle|"accessKeyID":|apiKey/);
});

describe('a private CA', () => {
  const objects = synth(PRIVATE_CA);
  const certificate = specOf(objects, 'Certificate', 'pool-ca');

  test('keeps its key when it is renewed, because clients trust that key', () => {
    expect(certificate).toMatchObject({
      isCA: true,
      privateKey: { rotationPolicy: 'Never', algorithm: 'ECDSA', size: 256 },
    });
  });

  test('lies where ClusterIssuers look for it, and its issuer signs with it', () => {
    expect(objects.find(({ kind }) => kind === 'Certificate')?.metadata.namespace).toBe('cert-manager');
    expect(certificate).toMatchObject({ secretName: 'pool-ca-key-pair' });
    expect(specOf(objects, 'ClusterIssuer', 'pool-ca')).toEqual({ ca: { secretName: 'pool-ca-key-pair' } });
  });

  test('survives both a prune and the deletion of its application', () => {
    const annotations = objects.find(({ kind }) => kind === 'Certificate')?.metadata.annotations;
    expect(annotations).toEqual(PROTECTED);
  });

  test('is signed by an issuer of stated kind and group', () => {
    expect(certificate).toMatchObject({
      issuerRef: { group: 'cert-manager.io', kind: 'ClusterIssuer', name: SELF_SIGNED },
    });
  });

  test('states its times as Go prints them', () => {
    expect(certificate).toMatchObject({
      commonName: 'Pool CA',
      duration: '87600h0m0s',
      renewBefore: '2400h0m0s',
    });
  });

  test('is renewed a tenth of its life before the end where the site does not say', () => {
    const { type, name, commonName, duration } = PRIVATE_CA;
    expect(specOf(synth({ type, name, commonName, duration }), 'Certificate', 'pool-ca')).toMatchObject({
      renewBefore: '8760h0m0s',
    });
  });
});

test('an existing CA signs with the named Secret, and makes no certificate', () => {
  const objects = synth(EXISTING_CA);
  expect(specOf(objects, 'ClusterIssuer', 'institute')).toEqual({ ca: { secretName: 'ca-key-pair' } });
  expect(names(objects, 'Certificate')).toEqual([]);
});

describe('an ACME issuer', () => {
  test('has an account key of its own, and proves names of its zones only', () => {
    expect(specOf(synth(ACME), 'ClusterIssuer', 'public')).toEqual({
      acme: {
        server: 'https://acme.example.org/directory',
        email: 'admins@example.org',
        privateKeySecretRef: { name: 'public-acme-account' },
        solvers: [
          {
            selector: { dnsZones: ['af.example.org'] },
            dns01: {
              route53: {
                region: 'eu-south-1',
                hostedZoneID: 'Z123',
                accessKeyIDSecretRef: { name: 'aws', key: 'id' },
                secretAccessKeySecretRef: { name: 'aws', key: 'secret' },
              },
            },
          },
        ],
      },
    });
  });

  test('without zones proves every name', () => {
    const { type, name, server, email, solver } = ACME;
    expect(JSON.stringify(synth({ type, name, server, email, solver }))).not.toContain('selector');
  });

  test('names a Gateway with group and kind, which the API server would else add', () => {
    const parentRef = {
      group: 'gateway.networking.k8s.io',
      kind: 'Gateway',
      name: 'public',
      namespace: 'ingress',
    };
    expect(solverOf(GATEWAY)).toMatchObject({
      acme: { solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [parentRef] } } }] },
    });
  });

  test('opens no port on the nodes while an HTTP challenge runs', () => {
    expect(solverOf(GATEWAY)).toMatchObject({
      acme: { solvers: [{ http01: { gatewayHTTPRoute: { serviceType: 'ClusterIP' } } }] },
    });
    expect(solverOf(INGRESS)).toMatchObject({
      acme: { solvers: [{ http01: { ingress: { serviceType: 'ClusterIP', ingressClassName: 'traefik' } } }] },
    });
  });

  test('signs updates of a nameserver with the key of the named Secret', () => {
    expect(solverOf(dns01(RFC2136))).toMatchObject({
      acme: {
        solvers: [
          {
            dns01: {
              rfc2136: {
                nameserver: '192.0.2.53:5353',
                tsigKeyName: 'af-key',
                tsigAlgorithm: 'HMACSHA512',
                tsigSecretSecretRef: { name: 'tsig', key: 'key' },
              },
            },
          },
        ],
      },
    });
  });

  test('writes at Cloudflare with a token', () => {
    expect(solverOf(CLOUDFLARE)).toMatchObject({
      acme: {
        solvers: [{ dns01: { cloudflare: { apiTokenSecretRef: { name: 'cloudflare', key: 'token' } } } }],
      },
    });
  });
});
