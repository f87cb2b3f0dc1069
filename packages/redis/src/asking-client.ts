import type { Redis } from "ioredis";
import { ignore } from "./connection.ts";

/**
 * A client on which each command is allowed to find a slot that is still on its way to that node (`ASKING`, which holds for
 * the command right behind it). For single commands alone: no pipelines.
 */
export function askingClient(client: Redis): Redis {
  return new Proxy(client, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      return (...args: unknown[]): unknown => {
        target.asking().catch(ignore);
        return Reflect.apply(member, target, args);
      };
    },
  });
}
