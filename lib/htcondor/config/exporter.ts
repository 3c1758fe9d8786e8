import { conf } from './conf';

/** The exporter runs tools and no daemon, and shows its tokens at once: no other proof of it would be taken. */
export function exporterConfig(): string {
  return conf('Exporter', ['SEC_CLIENT_AUTHENTICATION_METHODS = IDTOKENS']);
}
