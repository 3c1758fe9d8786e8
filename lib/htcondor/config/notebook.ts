import { conf } from './conf';

export interface NotebookConfig {
  /** File with address and version of the access point, which the program that starts a notebook writes. */
  readonly addressFile: string;
  readonly trustDomain: string;
  /** Folder with a folder of tokens for each experiment. */
  readonly tokens: string;
}

/**
 * What HTCondor's tools know in a notebook: the address of one access point, by the file in which a daemon on the same
 * machine would write it. With a host name alone condor_submit does not know the version on the other side, and refuses
 * arguments with spaces in them, which all workers of Dask have. Also and the tokens of the experiment that the variable
 * AF_EXPERIMENT names. It is the whole configuration, so that one in the image changes nothing.
 *
 * @see https://htcondor.readthedocs.io/en/25.0/admin-manual/introduction-to-configuration.html
 */
export function notebookConfig({ addressFile, trustDomain, tokens }: NotebookConfig): string {
  return conf('Notebooks', [
    'RELEASE_DIR = /usr',
    'LOCAL_DIR = /tmp',
    'LOG = /tmp',
    `SCHEDD_ADDRESS_FILE = ${addressFile}`,
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
