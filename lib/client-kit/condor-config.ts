import { CA_FILE, generatedBy, TOOLS, type ClientKitProps } from './props';

/**
 * Configuration of HTCondor's tools: nothing but the address, the proof of both sides, and encryption. Everything else
 * is the default of the tools, on any release of them.
 *
 * With the CA of the site no other is trusted: the token is sent to whoever shows a certificate for the host name.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/security.html
 */
export function condorConfig(props: ClientKitProps): string {
  const { site, displayName, hostName, accessPoints, collectorPort, trust } = props;
  const [first] = accessPoints;
  const ca = [
    `AUTH_SSL_CLIENT_CAFILE = $(CONFIG_ROOT)/${CA_FILE}`,
    'AUTH_SSL_CLIENT_USE_DEFAULT_CAS = False',
  ];
  const lines = [
    `# ${generatedBy(site)}`,
    `# ${displayName}, for HTCondor's tools of the releases ${String(TOOLS.from)} to ${String(TOOLS.to)}`,
    `SCHEDD_HOST = ${hostName}:${String(first.port)}`,
    ...(collectorPort === undefined ? [] : [`COLLECTOR_HOST = ${hostName}:${String(collectorPort)}`]),
    'SEC_CLIENT_AUTHENTICATION = REQUIRED',
    'SEC_CLIENT_ENCRYPTION = REQUIRED',
    'SEC_CLIENT_INTEGRITY = REQUIRED',
    'SEC_CLIENT_CRYPTO_METHODS = AES',
    'SEC_CLIENT_AUTHENTICATION_METHODS = SCITOKENS',
    ...(trust.type === 'public' ? ['AUTH_SSL_CLIENT_USE_DEFAULT_CAS = True'] : ca),
    'BOOTSTRAP_SSL_SERVER_TRUST = False',
    'BOOTSTRAP_SSL_SERVER_TRUST_PROMPT_USER = False',
  ];
  return `${lines.join('\n')}\n`;
}
