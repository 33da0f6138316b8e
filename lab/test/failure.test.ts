import { ManifestError } from '@lab/manifest';
import { describe, expect, it } from 'vitest';
import { CannotRun, isExpected, PromiseBroken } from '../src/cli/failure.ts';

describe('what a command throws', () => {
  it.each([
    new CannotRun('x'),
    new PromiseBroken('x'),
    new ManifestError(['services.shop.x-lab: expected x']),
  ])('is told by its message alone: $name', (error) => {
    expect(isExpected(error)).toBe(true);
  });

  it('keeps its stack where it is a defect of ours', () => {
    expect(isExpected(new TypeError('x'))).toBe(false);
  });
});
