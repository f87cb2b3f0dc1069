import { type Cache, type CachedMethodDecorator, cachedMethod, minutes } from "@tiercache/core";
import { describe, expect } from "vitest";
import { inWorlds } from "../matrix.ts";

const inEveryWorld = inWorlds();

/** Does what a compiler does with `@decorator` in front of a method: this toolchain runs sources without one. */
function decorate<This extends object, K extends readonly unknown[], V>(
  owner: This,
  name: string,
  decorator: CachedMethodDecorator<This, K, V>,
): void {
  const method = Reflect.get(owner, name) as (this: This, ...args: K) => Promise<V>;
  const context = { kind: "method", name } as ClassMethodDecoratorContext<This, typeof method>;
  Reflect.set(owner, name, decorator(method, context));
}

/** Answers by its state and counts its calls. */
class Jobs {
  readonly tenant: string;
  calls = 0;

  constructor(tenant: string) {
    this.tenant = tenant;
  }

  async find(id: string): Promise<string> {
    this.calls++;
    return `${this.tenant} ${id}`;
  }
}

/** A cached {@link Jobs.find} in a class of its own, as a decorator changes it. */
function cachedJobs(cache: Cache, key: (self: Jobs, id: string) => readonly string[]) {
  class Cached extends Jobs {}
  const decorator = cachedMethod<Jobs, [id: string], string>({ cache, name: "job", key });
  decorate(Cached.prototype, "find", decorator);
  return { Cached, namespace: decorator.namespace };
}

describe("a cached method", () => {
  inEveryWorld("is told apart by the state of the instance that is in its key", async (world) => {
    const { Cached } = cachedJobs(world.process(), ({ tenant }, id) => [tenant, id]);
    const [acme, other, acmeToo] = [new Cached("acme"), new Cached("other"), new Cached("acme")];
    expect(await acme.find("1")).toBe("acme 1");
    expect(await other.find("1")).toBe("other 1");
    expect(await acmeToo.find("1")).toBe("acme 1");
    expect([acme.calls, other.calls, acmeToo.calls]).toEqual([1, 1, 0]);
  });

  inEveryWorld("is loaded on the instance that asked", async (world) => {
    const { Cached } = cachedJobs(world.process(), (_, id) => [id]);
    const [first, second] = [new Cached("a"), new Cached("b")];
    await first.find("1");
    await world.settled();
    world.clock.advance(minutes(1));
    expect(await second.find("1")).toBe("b 1");
    expect(await first.find("1")).toBe("b 1");
    expect([first.calls, second.calls]).toEqual([1, 1]);
  });

  inEveryWorld("is reached through its decorator's namespace, whose keys begin with the instance", async (world) => {
    const { Cached, namespace } = cachedJobs(world.process(), ({ tenant }, id) => [tenant, id]);
    const acme = new Cached("acme");
    await acme.find("1");
    await world.settled();
    await world.everyTierHolds(namespace, [acme, "1"], "acme 1");
    await namespace.invalidate(acme, "1");
    expect(await namespace.getMany([[acme, "1"]])).toEqual(["acme 1"]);
    expect(acme.calls).toBe(2);
  });

  inEveryWorld("is inherited, and called by super, with the subclass's instance", async (world) => {
    class Loud extends cachedJobs(world.process(), ({ tenant }, id) => [tenant, id]).Cached {
      override async find(id: string): Promise<string> {
        return `${await super.find(id)}!`;
      }
    }
    const loud = new Loud("acme");
    expect([await loud.find("1"), await loud.find("1")]).toEqual(["acme 1!", "acme 1!"]);
    expect(loud.calls).toBe(1);
  });

  inEveryWorld("may be static, with the class in place of an instance", async (world) => {
    const cache = world.process();
    class Prices extends Jobs {
      static loads = 0;

      static async of(id: number): Promise<number> {
        this.loads++;
        return id * 2;
      }
    }
    const byId = cachedMethod<typeof Prices, [number], number>({ cache, name: "price", key: (_, id) => [id] });
    decorate(Prices, "of", byId);
    expect([await Prices.of(1), await Prices.of(1)]).toEqual([2, 2]);
    expect(Prices.loads).toBe(1);
  });

  inEveryWorld("rejects with what its key throws, as where it is called without its instance", async (world) => {
    const { Cached } = cachedJobs(world.process(), ({ tenant }, id) => [tenant, id]);
    const find: (id: string) => Promise<string> = Reflect.get(Cached.prototype, "find");
    await expect(find("1")).rejects.toBeInstanceOf(TypeError);
  });

  inEveryWorld("loads nothing before its decorator has seen it", async (world) => {
    const cache = world.process();
    const { namespace } = cachedMethod<Jobs, [string], string>({ cache, name: "job", key: (_, id) => [id] });
    await expect(namespace.get(new Jobs("acme"), "1")).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});
