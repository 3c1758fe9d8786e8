import type { Files } from '../dist/render';
import { condorConfig } from './condor-config';
import { envScript, otherEnvScript } from './env-script';
import { exampleFiles } from './example';
import { CA_FILE, generatedBy, type ClientKitProps, type TrustedCertificate } from './props';
import { readme } from './readme';

/** Every file of the kit: path below its folder to text. */
export function clientKit(props: ClientKitProps): Files {
  const [, ...others] = props.accessPoints;
  return new Map([
    ['README.md', readme(props)],
    ['condor_config', condorConfig(props)],
    ['env.sh', envScript(props)],
    ...others.map((point): [string, string] => [`env-${point.name}.sh`, otherEnvScript(props, point)]),
    ...exampleFiles(props),
    ...(props.trust.type === 'ca' ? [[CA_FILE, caFile(props, props.trust.certificates)] as const] : []),
  ]);
}

function caFile({ site }: ClientKitProps, certificates: readonly TrustedCertificate[]): string {
  const texts = certificates.map(
    ({ subject, until, pem }) => `# ${subject}, valid until ${until}\n${pem.trim()}\n`,
  );
  return `# ${generatedBy(site)}\n${texts.join('')}`;
}
