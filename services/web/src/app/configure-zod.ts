/**
 * Imported ahead of every schema: zod looks, when one is made, whether it may compile code. The content security
 * policy forbids that, and browsers report the attempt as a violation.
 */
import { config } from 'zod';

config({ jitless: true });
