/** Hears what a bus brings. Must not throw. */
export interface BusListener {
  /** A message, as it was announced by any process, this one included. At most once, in any order. */
  message(text: string): void;
  /** An {@link Bus.echo} of this process has come back. Everything that was announced before it was sent has been heard. */
  echo(nonce: string): void;
  /** Listening has begun, or begun again: what was announced before may have been missed. */
  gap(): void;
}

/**
 * Carries announcements between processes, through the remote tier that the keys lie in: a tier that has a bus announces a
 * write or a removal in the same step in which it does it.
 *
 * It promises little: a message may be lost. What it does promise is that a loss is noticed: an echo travels the same
 * way as the messages, in their order.
 */
export interface Bus {
  /**
   * Begins to listen on a channel, and goes on until {@link close}, however often the connection breaks. Called once; what
   * this tier announces from then on goes to that channel.
   */
  listen(channel: string, listener: BusListener): void;
  /** Announces a message to all who listen on the channel. Rejects where it could not be sent. */
  publish(text: string): Promise<void>;
  /**
   * Sends something through the tier's data path that comes back to this process alone, behind everything that was
   * announced before. Rejects where it could not be sent.
   */
  echo(nonce: string): Promise<void>;
  /** Ends listening, in bounded time. Never rejects. */
  close(): Promise<void>;
}
