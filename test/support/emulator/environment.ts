/** Sets these variables of the process, or removes them where undefined. Gives what puts them back. */
export const replaceEnvironment = (values: { readonly [name: string]: string | undefined }): (() => void) => {
  const before = Object.keys(values).map((name) => [name, process.env[name]] as const);
  const put = (name: string, value: string | undefined): void => {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  };
  for (const [name, value] of Object.entries(values)) put(name, value);
  return () => {
    for (const [name, value] of before) put(name, value);
  };
};

/** An environment in which the SDK finds this endpoint and these credentials, and nothing of the developer's own. */
export const awsEnvironment = (url: string): { readonly [name: string]: string | undefined } => ({
  AWS_ENDPOINT_URL: url,
  AWS_ENDPOINT_URL_STS: undefined,
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'secret',
  AWS_SESSION_TOKEN: undefined,
  AWS_PROFILE: undefined,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  KUBECONFIG: undefined,
});
