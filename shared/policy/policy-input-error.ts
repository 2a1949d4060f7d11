/** Thrown where a value that the API server would never have accepted reaches the engine. */
export class PolicyInputError extends Error {
  override readonly name = 'PolicyInputError';
  /** Where the value stands: `networkPolicies[shop/web].ingress[0].peers[1].cidr`. */
  readonly path: string;

  constructor(path: string, found: string, expected: string) {
    super(`${path}: expected ${expected}, found ${JSON.stringify(found.slice(0, 100))}`);
    this.path = path;
  }
}
