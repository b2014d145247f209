/** A request that the command line does not carry out as it stands: exit code 2. Nothing was changed. */
export class RefusedError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedError';
  }
}
