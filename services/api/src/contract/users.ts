import { z } from 'zod';
import { emailAddress, longText, shortText, timestamp } from './text.ts';

/** An account as its owner sees it. */
export const userSchema = z
  .object({ id: z.uuid(), email: z.string(), displayName: z.string(), createdAt: timestamp })
  .meta({ id: 'User', description: 'An account as its owner sees it' });
export type User = z.infer<typeof userSchema>;

/** Body of `POST /users`. The upper bound keeps hashing cheap to refuse. */
export const registrationSchema = z
  .strictObject({ email: emailAddress, displayName: shortText(100), password: longText(128).min(10) })
  .meta({ id: 'Registration' });
export type Registration = z.infer<typeof registrationSchema>;

/** Body of `POST /users/login`. Says nothing about which passwords are possible. */
export const credentialsSchema = z
  .strictObject({ email: emailAddress, password: longText(128).min(1) })
  .meta({ id: 'Credentials' });
export type Credentials = z.infer<typeof credentialsSchema>;
