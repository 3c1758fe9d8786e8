import { readFileSync } from 'node:fs';
import path from 'node:path';
import { IMAGES } from '../htcondor/release';
import { parseSite } from '../site/parse';
import { daskFlows } from './dask';
import { dataEgress, hubExperiments } from './experiments';
import { htcondorProps } from './htcondor';
import { jupyterhubProps } from './jupyterhub';
import { poolAccess, poolAccessSecrets } from './pool-access';

const file = path.join(__dirname, '..', 'site', 'fixtures', 'good', 'full.yaml');
const parsed = parseSite({ file, folder: 'full', bytes: readFileSync(file) });
if ('problems' in parsed) throw new Error('the fixture has mistakes');
const { site } = parsed;
const { htcondor, jupyterhub } = site;
if (!htcondor || !jupyterhub) throw new Error('the fixture has pool and hub');
const texts = { config: '', tokens: '', page: '', start: '', examples: { jobs: '', dask: '' } };

test('the hub knows who is in an experiment, and where its data is', () => {
  expect(hubExperiments(site)).toEqual([
    {
      name: 'cms',
      groups: ['/cms/af/users', '/cms/af/admins'],
      environment: {
        AF_XROOTD_REDIRECTOR: 'root://xrootd.cms.example.org',
        AF_XROOTD_CACHE: 'roots://xcache.pg.example.org:1095',
      },
    },
    {
      name: 'vo2',
      groups: ['/vo2/af'],
      environment: { AWS_ENDPOINT_URL_S3: 'https://s3.pg.example.org:9000', AF_S3_BUCKET: 'vo2-data' },
    },
  ]);
});

test('networks of data are open at the ports of the addresses, to notebooks and to jobs', () => {
  const places = [
    { cidrs: ['203.0.113.64/27'], ports: [1094, 1095], reason: 'XRootD of cms' },
    { cidrs: ['203.0.113.96/28', '2001:db8:44::/64'], ports: [9000], reason: 'S3 of vo2' },
  ];
  expect(dataEgress(site)).toEqual(places);
  expect(jupyterhubProps(site, jupyterhub, texts).network.notebookEgress).toEqual(
    expect.arrayContaining(places),
  );
  expect(htcondorProps(site, htcondor, {}).jobEgress).toEqual(expect.arrayContaining(places));
  expect(jupyterhub.egress.length).toBeGreaterThan(0);
  expect(jupyterhubProps(site, jupyterhub, texts).network.notebookEgress).toEqual(
    expect.arrayContaining([...jupyterhub.egress]),
  );
});

test('where the site declares no network nothing is opened', () => {
  const [first] = site.experiments;
  if (!first?.data?.xrootd) throw new Error('the fixture has data');
  const { networks: _, ...xrootd } = first.data.xrootd;
  expect(dataEgress({ ...site, experiments: [{ ...first, data: { xrootd } }] })).toEqual([]);
});

test('notebooks use the first access point, and only where there is a pool', () => {
  expect(poolAccess(site)?.accessPoint.host).toBe('access-point-ap1.htcondor.svc.cluster.pg.example.org');
  // The tools of a notebook are told whom they speak to.
  expect(IMAGES.accessPoint).toContain(`:${poolAccess(site)?.accessPoint.version ?? ''}-`);
  const { htcondor: _pool, dask: _dask, ...alone } = site;
  expect(poolAccess(alone)).toBeUndefined();
  expect(poolAccessSecrets(alone)).toEqual([]);
  expect(poolAccessSecrets(site)).toMatchObject([{ namespace: 'jupyterhub', name: 'htcondor-hub-key' }]);
});

test('notebooks and workers mean the same pods when they speak of each other', () => {
  const flows = daskFlows(site);
  expect(flows?.notebooks).toEqual({
    namespace: 'jupyterhub-users',
    labels: { component: 'singleuser-server' },
  });
  expect(poolAccess(site)?.dask?.workers).toEqual([
    {
      namespace: 'htcondor-execute',
      labels: expect.objectContaining({ 'analysis-facility/execute-pool': 'cpu' }) as unknown,
    },
  ]);
  expect(flows?.executePools).toEqual(['cpu']);
});
