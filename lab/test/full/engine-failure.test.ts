import { expect, test } from 'vitest';
import { engineFailure } from '../../src/stack/full/engine-failure.ts';

const failed = (...lines: string[]) =>
  new Error(['docker info exited with 1 after 0.1 s', ...lines].join('\n'));

test('a user who may not use the socket is told to join the group, not to start what runs already', () => {
  const { said, cure } = engineFailure(
    failed(
      'Client: Docker Engine - Community',
      'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.47/info": dial unix /var/run/docker.sock: connect: permission denied',
    ),
  );
  expect(said).toContain('permission denied');
  expect(cure).toContain('sudo usermod -aG docker $USER');
  expect(cure).toContain('log out and in again');
  expect(cure).not.toContain('start Docker');
});

test('where nobody listens Docker is to be started', () => {
  const { cure } = engineFailure(
    failed(
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ),
  );
  expect(cure).toContain('start Docker');
});

test('where there is no docker it is to be installed, or done without', () => {
  const { said, cure } = engineFailure(new Error('docker info spawn docker ENOENT'));
  expect(said).toBe('docker is not installed');
  expect(cure).toContain('MODE=lite');
});
