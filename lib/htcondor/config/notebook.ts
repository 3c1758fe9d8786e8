import { PORT } from '../release';
import { conf } from './conf';

export interface NotebookConfig {
  /** Host name of the access point's Service. */
  readonly accessPoint: string;
  readonly trustDomain: string;
  /** Folder with a folder of tokens for each experiment. */
  readonly tokens: string;
}

/**
 * What HTCondor's tools know in a notebook: one access point, and the tokens of the experiment that the variable
 * AF_EXPERIMENT names. It is the whole configuration, so that one in the image changes nothing.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/introduction-to-configuration.html
 */
export function notebookConfig({ accessPoint, trustDomain, tokens }: NotebookConfig): string {
  return conf('Notebooks', [
    'RELEASE_DIR = /usr',
    'LOCAL_DIR = /tmp',
    'LOG = /tmp',
    `SCHEDD_HOST = ${accessPoint}:${String(PORT)}`,
    `UID_DOMAIN = ${trustDomain}`,
    'TRUST_DOMAIN = $(UID_DOMAIN)',
    `SEC_TOKEN_DIRECTORY = ${tokens}/$ENV(AF_EXPERIMENT)`,
    'SEC_CLIENT_AUTHENTICATION = REQUIRED',
    'SEC_CLIENT_ENCRYPTION = REQUIRED',
    'SEC_CLIENT_INTEGRITY = REQUIRED',
    'SEC_CLIENT_AUTHENTICATION_METHODS = IDTOKENS',
    'SEC_DEFAULT_CRYPTO_METHODS = AES',
    'SEC_ENABLE_TOKEN_REQUEST = False',
    'ENABLE_IPV6 = False',
  ]);
}
