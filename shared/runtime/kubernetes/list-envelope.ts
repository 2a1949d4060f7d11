/** What a page of a list says beside its items. https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/list-meta/ */
export interface ListEnvelope {
  /** `PodList`, `Table`, …; empty where the server left it out. */
  readonly kind: string;
  readonly resourceVersion: string;
  /** Empty on the last page. */
  readonly continueToken: string;
  /** Names of a Table's columns, in the order of its cells. */
  readonly columns: readonly string[];
}

/** Gets one item as the bytes `[start, end)`, valid only until it returns. */
export type OnItem = (bytes: Buffer, start: number, end: number) => void;

/** Takes a page as it comes in and hands out its items one by one, so that no page is ever held whole. */
export interface ListSplitter {
  /** Keeps nothing of the chunk but copies. */
  push(chunk: Buffer): void;
  /** @throws KubernetesError `malformed` when the page is not complete */
  end(): ListEnvelope;
}

/** No object of Kubernetes is near this: etcd takes 1.5 MB. It bounds what one item can make us hold. */
export const MAX_ITEM_BYTES = 16 * 1024 * 1024;

/** The same for everything of a page that is not an item: two strings and a Table's columns. */
export const MAX_ENVELOPE_BYTES = 1024 * 1024;
