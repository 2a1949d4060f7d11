import { asText, fromBase64 } from './user-data-bytes.ts';

export interface MimePart {
  /** Lower case, without parameters; empty where the part names none. */
  readonly contentType: string;
  readonly body: string;
}

const MAX_PARTS = 64;
const MAX_NESTING = 4;

/** Header names in lower case; a line that begins with white space continues the one before. */
const readHeaders = (block: string): ReadonlyMap<string, string> => {
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^([\w-]+):[ \t]*(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const];
    }),
  );
};

interface Entity {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const splitEntity = (source: string): Entity => {
  const gap = /^\r?\n|\r?\n\r?\n/.exec(source);
  if (gap === null) return { headers: readHeaders(source), body: '' };
  return {
    headers: readHeaders(source.slice(0, gap.index)),
    body: source.slice(gap.index + gap[0].length),
  };
};

const typeOf = (headers: ReadonlyMap<string, string>): string =>
  (headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

const boundaryOf = (headers: ReadonlyMap<string, string>): string | undefined => {
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(headers.get('content-type') ?? '');
  return found?.[1] ?? found?.[2];
};

/** The text between delimiter lines. A missing end delimiter is forgiven, as Python's parser and so cloud-init do. */
const splitBody = (body: string, boundary: string): readonly string[] => {
  const parts: string[][] = [];
  for (const line of body.split('\n')) {
    const bare = line.trimEnd();
    if (bare === `--${boundary}--` || parts.length > MAX_PARTS) break;
    if (bare === `--${boundary}`) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts.slice(0, MAX_PARTS).map((lines) => lines.join('\n'));
};

const unquoted = (body: string): string =>
  body
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Nothing where the part's encoding does not hold what it says. */
const decoded = ({ headers, body }: Entity): string | undefined => {
  switch (headers.get('content-transfer-encoding')?.trim().toLowerCase()) {
    case 'base64': {
      const bytes = fromBase64(body);
      return bytes && asText(bytes);
    }
    case 'quoted-printable':
      return unquoted(body);
    default:
      return body;
  }
};

const partsOf = (source: string, nesting: number): readonly MimePart[] => {
  const entity = splitEntity(source);
  const contentType = typeOf(entity.headers);
  if (contentType.startsWith('multipart/')) {
    const boundary = boundaryOf(entity.headers);
    if (boundary === undefined || nesting >= MAX_NESTING) return [];
    return splitBody(entity.body, boundary).flatMap((part) => partsOf(part, nesting + 1));
  }
  const body = decoded(entity);
  return body === undefined ? [] : [{ contentType, body }];
};

/** cloud-init looks for the header anywhere in the first 4096 bytes: https://github.com/canonical/cloud-init/blob/main/cloudinit/user_data.py */
export const isMime = (source: string): boolean => /^mime-version:/im.test(source.slice(0, 4096));

/**
 * The parts of MIME user data in their order, containers opened and encodings undone (RFC 2045, RFC 2046). A part that
 * cannot be decoded is left out; parts and nesting are bounded.
 */
export const readMimeParts = (source: string): readonly MimePart[] => partsOf(source, 0).slice(0, MAX_PARTS);
