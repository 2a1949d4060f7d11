import * as z from 'zod';
import { text } from './field.ts';
import { parse } from './parse.ts';

const version = z.object({ gitVersion: text });
const kubectl = z.object({ serverVersion: version });

/**
 * The API server's `gitVersion`, from `GET /version` (`{ gitVersion }`) or from `kubectl version -o json`
 * (`{ clientVersion, serverVersion: { gitVersion } }`; without `serverVersion` the server did not answer).
 * https://kubernetes.io/docs/reference/kubectl/generated/kubectl_version/
 * @throws MalformedError
 */
export const normaliseServerVersion = (raw: unknown): string => {
  const direct = version.safeParse(raw);
  return direct.success ? direct.data.gitVersion : parse(kubectl, raw, '').serverVersion.gitVersion;
};
