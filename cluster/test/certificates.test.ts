import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONTEXT } from '../src/layout.ts';
import { identitiesOf, NODE_NAME } from '../src/pki/identities.ts';
import { issueCertificates, kubeconfigOf } from '../src/pki/issue.ts';

const link = { node: '198.18.0.2' };

it('issues what each part needs to be known by, and only its owner reads the keys', async () => {
  await using folder = await temporaryFolder();
  const path = (file: string) => join(folder.path, file);
  const certificate = (name: string) => new X509Certificate(readFileSync(path(`${name}.crt`)));
  await issueCertificates(folder.path, identitiesOf(link));

  const server = certificate('apiserver');
  expect(server.checkIP('198.18.0.2')).toBe('198.18.0.2');
  expect(server.checkIP('10.96.0.1')).toBe('10.96.0.1');
  expect(server.checkHost('kubernetes.default.svc')).toBe('kubernetes.default.svc');
  expect(server.checkIssued(certificate('ca'))).toBe(true);
  expect(certificate('front-proxy-client').checkIssued(certificate('ca'))).toBe(false);
  expect(certificate('kubelet').subject.split('\n')).toEqual([
    'O=system:nodes',
    `CN=system:node:${NODE_NAME}`,
  ]);
  const keys = readdirSync(folder.path).filter((file) => file.endsWith('.key'));
  expect(keys.length).toBe(identitiesOf(link).length + 3);
  expect(keys.filter((file) => statSync(path(file)).mode & 0o077)).toEqual([]);

  const before = readFileSync(path('ca.crt'), 'utf8');
  await issueCertificates(folder.path, identitiesOf(link));
  expect(readFileSync(path('ca.crt'), 'utf8')).toBe(before);
  const kubeconfig = parse(await kubeconfigOf(folder.path, 'administrator', 'https://198.18.0.2:6443'));
  expect(kubeconfig['current-context']).toBe(CONTEXT);
  expect(Buffer.from(kubeconfig.clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toBe(
    before,
  );
});
