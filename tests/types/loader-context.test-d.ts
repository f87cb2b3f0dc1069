import {
  type BatchLoader,
  type BatchLoaderContext,
  type Cache,
  cached,
  cachedMethod,
  type Loader,
  type LoaderContext,
  type LoadingNamespace,
  type StaleValue,
} from "@tiercache/core";
import { describe, expectTypeOf, test } from "vitest";

declare const cache: Cache;

interface Page {
  readonly body: string;
}

declare function fetched(id: string): Promise<Page>;

describe("the context of a loader", () => {
  test("is told what is stale, without knowing of what type it is", () => {
    cache.namespace("page", {
      load: (id, context) => {
        expectTypeOf(context).toEqualTypeOf<LoaderContext>();
        expectTypeOf(context.stale).toEqualTypeOf<StaleValue | undefined>();
        expectTypeOf(context.stale?.value).toEqualTypeOf<unknown>();
        expectTypeOf(context.stale?.etag).toEqualTypeOf<string | undefined>();
        expectTypeOf(context.setEtag).toEqualTypeOf<(etag: string) => void>();
        expectTypeOf(context.unchanged).returns.toBeNever();
        return id;
      },
      loadMany: (keys, context) => {
        expectTypeOf(keys).toEqualTypeOf<readonly [id: string][]>();
        expectTypeOf(context).toEqualTypeOf<BatchLoaderContext>();
        expectTypeOf(context.stale).toEqualTypeOf<readonly (StaleValue | undefined)[]>();
        expectTypeOf(context.setEtag).toEqualTypeOf<(position: number, etag: string) => void>();
        expectTypeOf(context.failed).toEqualTypeOf<(error: unknown) => never>();
        expectTypeOf(context.unchanged).returns.toBeNever();
        return keys.map(([id]) => id);
      },
    });
  });

  test("is handed to the loader of one call as well", () => {
    const pages = cache.namespace<Page>("page");
    const read = pages.getOrLoad("1", (id, context) => {
      expectTypeOf(id).toEqualTypeOf<string>();
      expectTypeOf(context).toEqualTypeOf<LoaderContext>();
      return context.stale === undefined ? { body: id } : context.unchanged();
    });
    expectTypeOf(read).toEqualTypeOf<Promise<Page>>();
  });

  test("keeps what was learned of another key by the types of its namespace", () => {
    const scores = cache.namespace("score", {
      key: (userId: number, jobId: string) => [userId, jobId],
      load: (userId): { readonly score: number } => ({ score: userId }),
    });
    const plain = cache.namespace<Page>("plain");
    cache.namespace("page", {
      load: (id, { keepAlso }) => {
        keepAlso(scores, [7, "a"], { score: 1 });
        keepAlso(plain, "a", { body: "b" });
        keepAlso(plain, ["a"], { body: "b" });
        // @ts-expect-error a job is named by a string
        keepAlso(scores, [7, 8], { score: 1 });
        // @ts-expect-error a score is no page
        keepAlso(plain, "a", { score: 1 });
        // @ts-expect-error nor is nothing
        keepAlso(plain, "a", undefined);
        return id;
      },
      loadMany: (keys, { keepAlso }) => {
        keepAlso(scores, [7, "a"], { score: 1 });
        return keys.map(([id]) => id);
      },
    });
  });

  test("is not handed to cached functions and methods, which have parameters of their own", () => {
    const page = cached(async (id: string) => fetched(id), { cache, name: "page" });
    expectTypeOf(page.namespace).toEqualTypeOf<LoadingNamespace<[id: string], Page>>();
    // @ts-expect-error a context is no key part, and nobody hands one over
    cached(async (id: string, { signal }: LoaderContext) => [id, signal], { cache, name: "page" });
    class Pages {
      readonly site = "a";
      @cachedMethod({ cache, name: "page-of-site", key: ({ site }, id) => [site, id] })
      async find(id: string): Promise<Page> {
        return fetched(id);
      }
    }
    expectTypeOf(new Pages().find("1")).toEqualTypeOf<Promise<Page>>();
    // Its namespace loads by other loaders too, and they get it.
    void page.namespace.getOrLoad("1", (id, { stale, unchanged }) =>
      stale === undefined ? { body: id } : unchanged(),
    );
  });
});

describe("what a loader returns in place of a value", () => {
  test("does not disturb the type of the values: one by one", () => {
    const sync = cache.namespace("page", {
      load: (id, { stale, unchanged }) => (stale === undefined ? { body: id } : unchanged()),
    });
    expectTypeOf(sync).toEqualTypeOf<LoadingNamespace<[id: string], { body: string }>>();
    const later = cache.namespace("page", {
      load: async (id, { stale, setEtag, unchanged }) => {
        if (stale?.etag === "1") return unchanged();
        setEtag("1");
        return fetched(id);
      },
    });
    expectTypeOf(later).toEqualTypeOf<LoadingNamespace<[id: string], Page>>();
    const maybe = cache.namespace("page", {
      load: async (id, { stale, unchanged }) => {
        if (stale !== undefined) return unchanged();
        return id === "" ? undefined : fetched(id);
      },
    });
    expectTypeOf(maybe).toEqualTypeOf<LoadingNamespace<[id: string], Page | undefined>>();
  });

  test("does not disturb the type of the values: in a batch", () => {
    const sync = cache.namespace("page", {
      loadMany: (keys, { stale, unchanged, failed }) =>
        keys.map(([id], position) => {
          if (id === "") return failed(new Error("no id"));
          if (stale[position] !== undefined) return unchanged();
          return { body: id };
        }),
    });
    expectTypeOf(sync).toEqualTypeOf<LoadingNamespace<[id: string], { body: string }>>();
    const later = cache.namespace("page", {
      key: (id: number) => [id],
      loadMany: async (keys, { failed }) => {
        const rows: readonly (Page | undefined)[] = await Promise.all(keys.map(([id]) => fetched(`${id}`)));
        return rows.map((row) => row ?? failed(new Error("no such row")));
      },
    });
    expectTypeOf(later).toEqualTypeOf<LoadingNamespace<[id: number], Page>>();
  });

  test("fits a loader whose type is written down", () => {
    const load: Loader<[id: string], Page> = async (id, { stale, unchanged }) =>
      stale === undefined ? fetched(id) : unchanged();
    const loadMany: BatchLoader<[id: string], Page> = (keys, { failed }) => keys.map(() => failed("no such row"));
    async function written(id: string, { stale, unchanged }: LoaderContext): Promise<Page> {
      return stale === undefined ? fetched(id) : unchanged();
    }
    expectTypeOf(cache.namespace("page", { load, loadMany }).get("1")).toEqualTypeOf<Promise<Page>>();
    expectTypeOf(cache.namespace("page", { load: written }).get("1")).toEqualTypeOf<Promise<Page>>();
  });

  test("lets the rules know the values all the same", () => {
    cache.namespace("page", {
      load: async (id, { stale, unchanged }) => (stale === undefined ? fetched(id) : unchanged()),
      ttlMs: (page) => {
        expectTypeOf(page).toEqualTypeOf<Page>();
        return page.body.length;
      },
    });
  });
});

describe("what must not compile", () => {
  test("a context that is used for what it is not", () => {
    cache.namespace("page", {
      load: (id, context) => {
        // @ts-expect-error an etag is text
        context.setEtag(1);
        // @ts-expect-error a single loader says by throwing that it has failed
        void context.failed;
        // @ts-expect-error what is stale is not to be replaced
        context.stale = undefined;
        // @ts-expect-error nor known to be a page
        void context.stale?.value.body;
        // @ts-expect-error a duration is a number of ms
        context.keepFor("5m");
        return id;
      },
    });
    cache.namespace("page", {
      loadMany: (keys, context) => {
        // @ts-expect-error of which key?
        context.setEtag("1");
        // @ts-expect-error what is stale stands in the order of the keys
        void context.stale.etag;
        // @ts-expect-error why has it failed?
        return keys.map(() => context.failed());
      },
    });
    // @ts-expect-error a batch returns a list
    cache.namespace("page", { loadMany: (_keys, { setEtag }) => setEtag(0, "1") });
  });
});
