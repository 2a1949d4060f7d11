import * as z from 'zod';
import { mediaType, PROTOBUF } from './media-type.ts';
import { FieldCursor, ProtobufError } from './protobuf.ts';
import { MAGIC } from './protobuf-stream.ts';

/** The API server's account of an error. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/ */
export interface Status {
  readonly message: string;
  readonly reason: string;
  /** The object that the error is about; without one, the error is about the path. */
  readonly name: string;
  readonly continueToken: string;
  readonly retryAfterSeconds: number;
}

const NOTHING: Status = { message: '', reason: '', name: '', continueToken: '', retryAfterSeconds: 0 };

const JsonStatus = z.object({
  kind: z.literal('Status'),
  message: z.string().default(''),
  reason: z.string().default(''),
  metadata: z.object({ continue: z.string().default('') }).nullish(),
  details: z.object({ name: z.string().default(''), retryAfterSeconds: z.number().default(0) }).nullish(),
});

/**
 * Reads the body of an error answer. Undefined when it is not a Status: a proxy's page, or the API server's plain
 * `404 page not found` for a path that it does not serve.
 */
export const readStatus = (body: Buffer, contentType: string | undefined): Status | undefined =>
  mediaType(contentType) === PROTOBUF ? readProtobufStatus(body) : readJsonStatus(body);

const readJsonStatus = (body: Buffer): Status | undefined => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  const parsed = JsonStatus.safeParse(value);
  if (!parsed.success) return undefined;
  const { details, message, metadata, reason } = parsed.data;
  return {
    message,
    reason,
    name: details?.name ?? '',
    continueToken: metadata?.continue ?? '',
    retryAfterSeconds: details?.retryAfterSeconds ?? 0,
  };
};

/**
 * `Status { metadata = 1; status = 2; message = 3; reason = 4; details = 5; code = 6 }`, `StatusDetails { name = 1;
 * retryAfterSeconds = 5 }`: https://github.com/kubernetes/apimachinery/blob/v0.33.0/pkg/apis/meta/v1/generated.proto
 */
const readProtobufStatus = (body: Buffer): Status | undefined => {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  try {
    const unknown = new FieldCursor().open(body, MAGIC.length, body.length);
    const inner = new FieldCursor();
    let kind = '';
    while (unknown.next()) {
      if (unknown.field === 1) {
        inner.into(unknown);
        while (inner.next()) if (inner.field === 2) kind = inner.text();
      } else if (unknown.field === 2) return kind === 'Status' ? readStatusMessage(inner.into(unknown)) : undefined;
    }
    return undefined;
  } catch (error) {
    if (error instanceof ProtobufError) return undefined;
    throw error;
  }
};

const readStatusMessage = (status: FieldCursor): Status => {
  const inner = new FieldCursor();
  let { continueToken, message, name, reason, retryAfterSeconds } = NOTHING;
  while (status.next()) {
    if (status.field === 3) message = status.text();
    else if (status.field === 4) reason = status.text();
    else if (status.field === 1) {
      inner.into(status);
      while (inner.next()) if (inner.field === 3) continueToken = inner.text();
    } else if (status.field === 5) {
      inner.into(status);
      while (inner.next()) {
        if (inner.field === 1) name = inner.text();
        else if (inner.field === 5) retryAfterSeconds = inner.number();
      }
    }
  }
  return { continueToken, message, name, reason, retryAfterSeconds };
};
