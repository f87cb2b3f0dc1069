/** An encoded value, to be put into one frame for each tier. */
export class Payload {
  readonly #memory: Uint8Array;
  readonly #headroomBytes: number;
  #isFree: boolean;

  /**
   * @param memory - Ends with the encoded value.
   * @param headroomBytes - How much of it stands in front of that. Nobody else has a use for these bytes.
   */
  constructor(memory: Uint8Array, headroomBytes = 0) {
    this.#memory = memory;
    this.#headroomBytes = headroomBytes;
    this.#isFree = headroomBytes > 0;
  }

  /**
   * Memory that has the value in it, so many bytes in front of that and so many behind it, for the caller alone: its own the first time, if
   * that has just as many, and a copy from then on.
   */
  within(headBytes: number, trailBytes = 0): Uint8Array {
    if (this.#isFree && headBytes === this.#headroomBytes && trailBytes === 0) {
      this.#isFree = false;
      return this.#memory;
    }
    const bytes = this.#headroomBytes === 0 ? this.#memory : this.#memory.subarray(this.#headroomBytes);
    const copy = Buffer.allocUnsafe(headBytes + bytes.byteLength + trailBytes);
    copy.set(bytes, headBytes);
    return copy;
  }
}
