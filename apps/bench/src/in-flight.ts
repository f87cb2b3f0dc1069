/** Reads so many times in all, with as many reads under way at a time as there are keys, each of them one after the other. */
export async function readInFlight(
  keys: readonly string[],
  times: number,
  read: (key: string, time: number) => Promise<unknown>,
): Promise<void> {
  const each = Math.ceil(times / keys.length);
  const reader = async (key: string): Promise<void> => {
    for (let time = 0; time < each; time++)
      if ((await read(key, time)) === undefined) throw new Error(`A read of "${key}" found nothing.`);
  };
  await Promise.all(keys.map(reader));
}
