/** Does what the page asks for. */
export interface ActionDesk {
  /** What can be asked for. */
  readonly names: readonly string[];
  /** Whether it may be asked for on this machine alone. */
  isOfMachine(name: string): boolean;
  /**
   * @returns What is to be answered; `undefined` where there is no such action.
   * @throws a `ZodError` for a body that is not what the action needs; (rejects) an `Error` where it could not be done
   */
  run(name: string, body: unknown): Promise<unknown> | undefined;
}
