import { MalformedError } from '../../../shared/collect/normalise/malformed-error.ts';

/** What a normaliser says of an answer that it refuses: the exact place, what was expected and what stood there. */
export const refusal = (run: () => unknown): unknown => {
  try {
    return { accepted: run() };
  } catch (error) {
    if (!(error instanceof MalformedError)) return error;
    const { path, expected, found } = error;
    return { path, expected, found };
  }
};

/** Put at every place where a cluster's text may stand. */
export const HOSTILE_MAP: unknown = JSON.parse(
  '{"__proto__":"polluted","constructor":"c","toString":"t","a":"<script>alert(1)</script>"}',
);
