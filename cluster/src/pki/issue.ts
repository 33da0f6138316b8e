/** Issues the cluster's certificates with openssl; keys never leave the cluster's folder, and only its owner reads them. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '@lab/cli/program';
import { stringify } from 'yaml';
import { CONTEXT } from '../layout.ts';
import { AUTHORITIES, type Identity } from './identities.ts';

/** Longer than any lab lives: nobody renews them. */
const DAYS = '3650';
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** Everything that the cluster's parts know each other by, in one folder; written once for a cluster. */
export async function issueCertificates(folder: string, identities: readonly Identity[]): Promise<void> {
  const done = join(folder, 'complete');
  if (existsSync(done)) return;
  const openssl = (...args: string[]) => runCommand('openssl', args, { cwd: folder });
  const authority = (name: string) =>
    openssl(
      ...['req', '-x509', ...KEY, '-days', DAYS, '-subj', `/CN=${name}`],
      ...['-keyout', `${name}.key`, '-out', `${name}.crt`],
    );
  await Promise.all(AUTHORITIES.map(authority));
  await Promise.all(identities.map((identity) => issue(folder, identity, openssl)));
  await openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'service-accounts.key');
  await openssl('ec', '-in', 'service-accounts.key', '-pubout', '-out', 'service-accounts.pub');
  await chmod(join(folder, 'service-accounts.key'), 0o600);
  await writeFile(done, '');
}

async function issue(
  folder: string,
  { name, authority, subject, usage, alternativeNames }: Identity,
  openssl: (...args: string[]) => Promise<unknown>,
): Promise<void> {
  const extensions = [
    `extendedKeyUsage=${usage}`,
    ...(alternativeNames ? [`subjectAltName=${alternativeNames.join(',')}`] : []),
  ];
  await writeFile(join(folder, `${name}.ext`), `${extensions.join('\n')}\n`);
  await openssl('req', ...KEY, '-subj', subject, '-keyout', `${name}.key`, '-out', `${name}.csr`);
  await openssl(
    ...['x509', '-req', '-in', `${name}.csr`, '-CA', `${authority}.crt`, '-CAkey', `${authority}.key`],
    // A number of its own, not the next one of a file: several are issued at the same time.
    ...[
      '-set_serial',
      `0x${randomBytes(16).toString('hex')}`,
      '-days',
      DAYS,
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    ],
  );
  for (const rest of ['ext', 'csr']) await rm(join(folder, `${name}.${rest}`));
}

/** Access to the API server by a certificate, everything in the one file. */
export async function kubeconfigOf(folder: string, name: string, server: string): Promise<string> {
  const data = async (file: string) => (await readFile(join(folder, file))).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: CONTEXT, cluster: { server, 'certificate-authority-data': await data('ca.crt') } }],
    users: [
      {
        name,
        user: {
          'client-certificate-data': await data(`${name}.crt`),
          'client-key-data': await data(`${name}.key`),
        },
      },
    ],
    contexts: [{ name: CONTEXT, context: { cluster: CONTEXT, user: name } }],
    'current-context': CONTEXT,
  });
}
