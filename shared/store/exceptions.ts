import type { Exception } from '../model/exception.ts';

/** Which findings an exception is about: there is at most one for each. */
export type ExceptionSubject = Pick<Exception, 'check' | 'cluster' | 'resource'>;

/** Exceptions that people made by command; those in a file under review stand beside them. */
export interface ExceptionsStore {
  /** Replaces the one of the same check, cluster and resource. */
  readonly put: (exception: Exception) => Promise<void>;
  /** Those that have expired too: they are reported. By check, cluster and resource. */
  readonly list: () => Promise<readonly Exception[]>;
  /** Does nothing where there is none. */
  readonly delete: (subject: ExceptionSubject) => Promise<void>;
}

export const subjectKey = ({ check, cluster, resource }: ExceptionSubject): string =>
  JSON.stringify([check, cluster ?? null, resource ?? null]);
