/**
 * What to ask for. Only protobuf falls back to plain JSON, which the server gives for what it cannot render otherwise:
 * custom resources have no protobuf. https://kubernetes.io/docs/reference/using-api/api-concepts/#alternate-representations-of-resources
 */
export const ACCEPT = {
  json: 'application/json',
  protobuf: 'application/vnd.kubernetes.protobuf, application/json;q=0.9',
  /** Only the printed columns. Without a fallback, since a list where rows are expected would be read wrongly. */
  table: 'application/json;as=Table;v=v1;g=meta.k8s.io',
  /** Only `metadata`: the way to list ConfigMaps by name without ever being sent their data. */
  metadata: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
} as const;

export type Representation = keyof typeof ACCEPT;

/** The media type without parameters, in lower case. */
export const mediaType = (contentType: string | undefined): string =>
  (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';
