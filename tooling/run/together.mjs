/**
 * Waits for all, also when one fails: its failure must not end the process while another has half a folder on disk.
 *
 * @template {readonly unknown[]} T
 * @param {T} promises
 * @returns {Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }>}
 */
export async function together(promises) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
