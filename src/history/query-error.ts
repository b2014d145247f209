/** A query that cannot be answered: exit code 2, in DuckDB's words. */
export class QueryError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueryError';
  }
}
