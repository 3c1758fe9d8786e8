import { RELEASE as CERT_MANAGER } from '../../../lib/cert-manager/release';
import { RELEASE as JUPYTERHUB } from '../../../lib/jupyterhub/release';
import { publicCaText } from '../public-ca';
import { PACKAGES, VERSIONS, type Extra } from '../versions';

/** One layer of images: what a script changes in a root file system, or files of our own making. */
export interface Layer {
  /** Layers below, lowest first. */
  readonly on: readonly string[];
  /** Files beside what the script makes: what is in them is known on this machine only. */
  readonly files?: Readonly<Record<string, () => string>>;
  /** Shell script, run by root in a chroot. */
  readonly script?: string;
  /** Go programs of the cache, put into the root folder. */
  readonly programs?: readonly string[];
  /** npm packages, installed under /usr/local. */
  readonly npm?: Readonly<Record<string, string>>;
}

/** As the OCI image configuration has it. */
export interface Image {
  /** Lowest first. */
  readonly layers: readonly string[];
  /** Layers above those, for the suites that ask for them; an image that has no others is theirs alone. */
  readonly extras?: Readonly<Partial<Record<Extra, readonly string[]>>>;
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  /** Variables of the environment besides PATH and LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folders that are searched for programs before those of the system. */
  readonly path?: readonly string[];
}

const APT = 'apt-get update -qq && apt-get install -y -qq --no-install-recommends';

const wanted = (...names: readonly (keyof typeof PACKAGES.pip)[]) =>
  names.map((name) => `${name}==${PACKAGES.pip[name]}`).join(' ');

const pip = (folder: string, ...names: readonly (keyof typeof PACKAGES.pip)[]) =>
  `python3 -m venv ${folder}
${folder}/bin/pip install -q --no-cache-dir ${wanted(...names)}`;

/**
 * Fast timers, reasons of refusals and played GPUs, for the tests alone. The pool's own files are mounted over config.d, so these are read
 * from a second folder that the image names; it comes last and wins.
 *
 * Between two rounds of the negotiator a busy machine needs the time to tell the collector what was claimed in the first:
 * else the second counts it as free, and an experiment gets more than its quota. The pool's own 20 seconds are long enough.
 *
 * The collector keeps what a lost worker had claimed for one to two lifetimes of an ad, and until then it counts for the experiment:
 * that must be over when the lease of its jobs is, or they wait for their quota.
 */
const CONDOR_TEST_SETTINGS = `
NEGOTIATOR_INTERVAL = 5
NEGOTIATOR_CYCLE_DELAY = 3
NEGOTIATOR_MIN_INTERVAL = 3
NEGOTIATOR_UPDATE_INTERVAL = 5
SCHEDD_INTERVAL = 5
SHADOW_QUEUE_UPDATE_INTERVAL = 5
UPDATE_INTERVAL = 5
MASTER_UPDATE_INTERVAL = 5
COLLECTOR_UPDATE_INTERVAL = 5
STARTER_UPDATE_INTERVAL = 5
CLASSAD_LIFETIME = 20
JOB_DEFAULT_LEASE_DURATION = 30
ALIVE_INTERVAL = 5
MASTER_BACKOFF_CONSTANT = 1
CCB_HEARTBEAT_INTERVAL = 10
RUNBENCHMARKS = 0
SCHEDD_DEBUG = D_SECURITY
COLLECTOR_DEBUG = D_SECURITY
GPU_DISCOVERY_EXTRA = $(GPU_DISCOVERY_EXTRA) -simulate:4,2
`;

/** Where Python finds the package of a layer that is below several images. */
const PYSPARK = '/opt/pyspark';

/** What the start script of Spark's own images does for executors: the arguments are a contract between Spark and its images. */
const EXECUTOR_START = `#!/bin/sh
set -eu
[ "$1" = executor ]
env | grep '^SPARK_JAVA_OPT_' | sort -t_ -k4 -n | sed 's/[^=]*=//' > /tmp/java-options
set -- -Xms"$SPARK_EXECUTOR_MEMORY" -Xmx"$SPARK_EXECUTOR_MEMORY"
while read -r option; do set -- "$@" "$option"; done < /tmp/java-options
exec java "$@" -cp "\${SPARK_CLASSPATH:-}:$SPARK_HOME/jars/*" \
  org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend \
  --driver-url "$SPARK_DRIVER_URL" --executor-id "$SPARK_EXECUTOR_ID" --cores "$SPARK_EXECUTOR_CORES" \
  --app-id "$SPARK_APPLICATION_ID" --hostname "$SPARK_EXECUTOR_POD_IP" \
  --resourceProfileId "$SPARK_RESOURCE_PROFILE_ID" --podName "$SPARK_EXECUTOR_POD_NAME"
`;

/**
 * Python 3.13.5 with OpenSSL 3.5 takes the abrupt end of one TLS connection for an error of the next that is read in the
 * same thread, and Dask, whose processes end connections so, loses its scheduler. OpenSSL can take it for a plain end.
 */
const BEAR_ABRUPT_ENDS = `sed -i '/^\\[openssl_init\\]/a ssl_conf = ssl_sect' /etc/ssl/openssl.cnf
printf '[ssl_sect]\\nsystem_default = system_default_sect\\n[system_default_sect]\\nOptions = IgnoreUnexpectedEOF\\n' >> /etc/ssl/openssl.cnf
grep -q '^ssl_conf = ssl_sect' /etc/ssl/openssl.cnf`;

export const LAYERS: Readonly<Record<string, Layer>> = {
  // Debian's package of certificates, which layers above install, takes in what is here.
  base: { on: [], files: { '/usr/local/share/ca-certificates/e2e.crt': publicCaText } },
  python: {
    on: ['base'],
    script: `${APT} python3 python3-venv ca-certificates curl openssl procps iproute2`,
  },
  condor: {
    on: ['base'],
    // Accounts with the numbers of upstream's images, before the package makes its own.
    script: `groupadd -g 64 condor
useradd -u 64 -g 64 -M -d /var/lib/condor -s /usr/sbin/nologin condor
useradd -m submituser
for slot in 1 2 3 4 5 6 7 8; do useradd -M slot1_$slot; done
${APT} condor ca-certificates iproute2 procps python3
rm -rf /var/lib/condor/spool/* /var/log/condor/*
install -d -o condor -g condor /run/condor /run/lock/condor /var/spool/condor /var/lib/condor/execute /var/log/condor
install -d -m 700 /etc/condor/tokens.d /etc/condor/passwords.d
install -d /etc/condor/test.d
cat > /etc/condor/test.d/90-test.conf <<'CONF'${CONDOR_TEST_SETTINGS}CONF
sed -i '/^LOCAL_CONFIG_DIR *=/d' /etc/condor/condor_config
echo 'LOCAL_CONFIG_DIR = /etc/condor/config.d, /etc/condor/test.d' >> /etc/condor/condor_config`,
  },
  hub: {
    on: ['base', 'python'],
    script: pip(
      '/opt/hub',
      'jupyterhub',
      'jupyterhub-kubespawner',
      'oauthenticator',
      'jupyterhub-idle-culler',
      'pycurl',
    ),
  },
  notebook: {
    on: ['base', 'python'],
    script: `${pip('/opt/notebook', 'jupyterhub', 'jupyterlab')}
useradd -m -u 1000 jovyan`,
  },
  // Notebooks and workers have the same Dask, as those of a site must.
  'notebook-dask': {
    on: ['base', 'python', 'notebook'],
    script: `/opt/notebook/bin/pip install -q --no-cache-dir ${wanted('dask', 'distributed', 'dask-jobqueue')}
${BEAR_ABRUPT_ENDS}`,
  },
  dask: { on: ['base', 'python'], script: `${pip('/opt/dask', 'dask', 'distributed')}\n${BEAR_ABRUPT_ENDS}` },
  // Its package links manuals, of which layers have none. Sessions of the tests live for seconds: a compiler that
  // optimises, and a look at all code before it runs, cost more than what they compute.
  java: {
    on: ['base', 'python'],
    script: `install -d /usr/share/man/man1
${APT} openjdk-21-jre-headless
java=$(readlink -f /usr/bin/java)
mv "$java" "$java-own"
printf '#!/bin/sh\nexec %s-own -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ' "$java" > "$java"
echo '-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote "$@"' >> "$java"
chmod 755 "$java"`,
  },
  pyspark: {
    on: ['base', 'python'],
    script: `python3 -m venv /tmp/make
/tmp/make/bin/pip install -q --no-cache-dir --target ${PYSPARK} pyspark==${PACKAGES.pip.pyspark}
rm -rf /tmp/make ${PYSPARK}/pyspark/examples ${PYSPARK}/pyspark/licenses`,
  },
  // The environment of notebooks finds Spark by a file of Python's own kind.
  'notebook-spark': {
    on: ['base', 'python', 'notebook'],
    script: `echo ${PYSPARK} > "$(echo /opt/notebook/lib/python3.*/site-packages)/pyspark.pth"`,
  },
  executor: {
    on: ['base', 'python', 'java', 'pyspark'],
    files: { 'opt/start-executor': () => EXECUTOR_START },
    script: `chmod 755 /opt/start-executor
useradd -u 185 -d /opt/work spark
install -d -o spark -g spark /opt/work`,
  },
  // Curl of the wheel looks for authorities where Red Hat has them.
  curl: {
    on: ['base', 'python'],
    script: `install -d /etc/pki/tls/certs
ln -s /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt`,
  },
  node: { on: ['base'], script: `${APT} nodejs` },
  proxy: { on: [], npm: PACKAGES.npm },
  pause: { on: [], programs: ['pause'] },
  coredns: { on: [], programs: ['coredns'] },
  'cert-manager': { on: [], programs: ['cert-manager'] },
  edge: { on: [], programs: ['edge'] },
  keda: { on: [], programs: ['keda-operator'] },
};

export const TOOLS = 'docker.io/analysis-facility/tools:1.0.0';
export const EDGE = 'docker.io/analysis-facility/edge:1.0.0';
export const PAUSE = 'registry.k8s.io/pause:3.10';
export const KEDA = `ghcr.io/kedacore/keda:${VERSIONS.keda.slice(1)}`;
export const COREDNS = `registry.k8s.io/coredns/coredns:${VERSIONS.coredns}`;

const certManager = (program: string): Image => ({
  layers: ['cert-manager'],
  Entrypoint: ['/cert-manager', program],
  User: '1000',
});
const NOTEBOOK: Image = {
  layers: ['base', 'python', 'notebook'],
  path: ['/opt/notebook/bin'],
  Cmd: ['jupyterhub-singleuser'],
  User: '1000',
  WorkingDir: '/home/jovyan',
};
/** With HTCondor's own commands and Dask, for batch jobs; and Spark where it is played. */
const LAB: Image = {
  ...NOTEBOOK,
  layers: ['base', 'python', 'condor', 'notebook', 'notebook-dask'],
  extras: { spark: ['java', 'pyspark', 'notebook-spark'] },
};
const CONDOR: Image = { layers: ['base', 'condor'] };

/** Name in dist to how its stand-in is made. */
export const IMAGES: Readonly<Record<string, Image>> = {
  [PAUSE]: { layers: ['pause'], Entrypoint: ['/pause'] },
  [JUPYTERHUB.images.pause]: { layers: ['pause'], Entrypoint: ['/pause'] },
  [COREDNS]: { layers: ['coredns'], Entrypoint: ['/coredns'] },
  [KEDA]: { layers: [], extras: { keda: ['keda'] }, Entrypoint: ['/keda-operator'], User: '1000' },
  [TOOLS]: { layers: ['base', 'python'], Cmd: ['sleep', 'infinity'] },
  [EDGE]: { layers: ['edge'], Entrypoint: ['/edge'], User: '1000' },
  [CERT_MANAGER.images.controller]: certManager('controller'),
  [CERT_MANAGER.images.webhook]: certManager('webhook'),
  [CERT_MANAGER.images.cainjector]: certManager('cainjector'),
  'docker.io/htcondor/cm:25.0.13-el9': CONDOR,
  'docker.io/htcondor/submit:25.0.13-el9': CONDOR,
  'docker.io/htcondor/execute:25.0.13-el9': CONDOR,
  [JUPYTERHUB.images.hub]: {
    layers: ['base', 'python', 'hub', 'curl'],
    path: ['/opt/hub/bin'],
    User: '1000',
    WorkingDir: '/srv/jupyterhub',
  },
  [JUPYTERHUB.images.proxy]: {
    layers: ['base', 'node', 'proxy'],
    Entrypoint: ['configurable-http-proxy'],
    User: '65534',
  },
  [JUPYTERHUB.images.notebook]: NOTEBOOK,
  // The catalogues of the sites are invented.
  'registry.example.org/af/cms-lab:2026.10.1': LAB,
  'registry.example.org/af/cms-lab-gpu:2026.10.1': NOTEBOOK,
  'registry.example.org/af/vo2-lab:2026.10.1': LAB,
  'registry.example.org/af/execute-dask:2026.10.1': { layers: ['base', 'python', 'condor', 'dask'] },
  'registry.example.org/af/spark-executor:4.1.4': {
    layers: ['base', 'python'],
    extras: { spark: ['java', 'pyspark', 'executor'] },
    Entrypoint: ['/opt/start-executor'],
    User: '185',
    WorkingDir: '/opt/work',
    env: { SPARK_HOME: `${PYSPARK}/pyspark` },
  },
};

/** Images of dist that do not run here, each with the reason. */
export const NOT_RUN: readonly (readonly [name: RegExp, reason: string])[] = [
  [
    /^docker\.io\/longhornio\//,
    'Longhorn needs iSCSI in the kernel, and its manager is on no module proxy: another driver answers to its name',
  ],
];
