import { describe, expect, test } from "vitest";
import { composedIds, plainIds, remoteKeys } from "./key.ts";
import { keySecretOf } from "./key-secret.ts";

/*
 * The physical form of keys, with hashes that were computed by another program. A fleet that is rolled out with another
 * form finds nothing of what it has cached: a change here is a change for every user, and belongs into the release notes.
 */

const k = (count: number): string => "k".repeat(count);
const secret = keySecretOf({ secret: "only for these tests" });

function plain(id: string, parts: { readonly prefix?: string; readonly hidden?: boolean } = {}): string {
  const { prefix = "", hidden = false } = parts;
  const keyOf = remoteKeys({ prefix, namespace: "user", composed: false, secret: hidden ? secret : undefined });
  return keyOf(plainIds("user")([id]));
}

function composed(parts: readonly (string | number | bigint | boolean)[], hidden = false): string {
  const keyOf = remoteKeys({ prefix: "", namespace: "match", composed: true, secret: hidden ? secret : undefined });
  return keyOf(composedIds("match", () => parts)([]));
}

describe("the key in the remote tiers", () => {
  test.each<[kind: string, key: string, form: string]>([
    ["an id", plain("7"), "user:7"],
    ["an id in a cache with a prefix", plain("7", { prefix: "app/" }), "app/user:7"],
    ["no id", plain(""), "user:"],
    ["the signs that are escaped", plain("a:b{c}%"), "user:a%3Ab%7Bc%7D%25"],
    ["signs that are not", plain("*?[]\\/ #~é\0\r\n"), "user:*?[]\\/ #~é\0\r\n"],
    ["what is escaped already", plain("a%3Ab"), "user:a%253Ab"],
    ["parts", composed([1234, 5678]), "match:1234:5678"],
    ["parts of every kind", composed(["a:b", -1.5, 1e21, 7n, true, ""]), "match:a%3Ab:-1.5:1e+21:7:true:"],
    ["the longest whole id", plain(k(256)), `user:${k(256)}`],
    ["the longest whole id of braces", plain("{".repeat(256)), `user:${"%7B".repeat(256)}`],
  ])("of %s", (_kind, key, form) => {
    expect(key).toBe(form);
  });

  test.each<[kind: string, key: string, form: string]>([
    ["one string", plain(k(257)), `user:${k(216)}%#pd4OPJO0Mivx0ubMExGSGdZlFCN03n8rBrriN3Wcc-I`],
    ["the longest string", plain(k(65_536)), `user:${k(216)}%#gkU4R2BPKWoDZuQjyyhChOJK-WZes6mMcLrROXKF5UE`],
    ["parts", composed([1234, k(300)]), `match:1234:${k(211)}%#_SCRoOK0WUzdQ3m87YbVH1xHyGK6T2XYq8cM3R_TINc`],
    [
      "signs of three bytes",
      plain("€".repeat(257)),
      `user:${"€".repeat(216)}%#jmPekuq-ZdEn3Xzb4Terc3cbH981ByGQ09tSeYuCu_o`,
    ],
    [
      "escapes, one of them cut after its first sign",
      plain(`${"a".repeat(215)}${":".repeat(50)}`),
      `user:${"a".repeat(215)}%#-1Vaoq4xXlAGM7NyNFDcBmY1tN51G5r5xFEO8XFzyQs`,
    ],
    [
      "escapes, one of them cut after its second",
      plain(`${"a".repeat(214)}${":".repeat(50)}`),
      `user:${"a".repeat(214)}%#CIJbIgd4W94Y_Zl4SZ-OHZm2DCu4viQMUXHzac_ejbg`,
    ],
    [
      "escapes, none of them cut",
      plain(`${"a".repeat(213)}${":".repeat(50)}`),
      `user:${"a".repeat(213)}%3A%#rlHAHfnw5iKla9el3MpuupKkjfx2KP3Td9N1zKoDb8I`,
    ],
    [
      "surrogate pairs, one of them cut",
      plain(`${"a".repeat(215)}${"😀".repeat(50)}`),
      `user:${"a".repeat(215)}%#rDtnQjra0YacTLBzGBD3Oqq0cvPUbvncJVOcagO228U`,
    ],
  ])("of an id too long to stand for itself: %s", (_kind, key, form) => {
    expect(key).toBe(form);
  });

  test.each<[kind: string, key: string, form: string]>([
    ["an id", plain("7", { hidden: true }), "user:%#J-YXpTASUtZHsgGT79KZYagxFgB3A8oP4eHQ-H4Gtqw"],
    [
      "an id with a prefix",
      plain("7", { prefix: "app/", hidden: true }),
      "app/user:%#caAMQR6kV39YbvZz8ugAZXFEVWe5sCbhk7a-c0ilwDk",
    ],
    ["an id to escape", plain("a:b", { hidden: true }), "user:%#gY4Rm_4N04SX1wGwpYvNq24Aeaw6Wf1t4HFMruQuacM"],
    ["parts", composed([1234, 5678], true), "match:%#05A-1q9HvmjKpR-5xJn5MKoigfESUMwTXLZsm_uTyh0"],
    ["one part", composed(["1234:5678"], true), "match:%#1n2cEeQZiGyROwoeaR_TP8BnP_49KPEJaRHcvX_2MeQ"],
    ["é", plain("é", { hidden: true }), "user:%#O9teSMTiGj605yilqpoFkXqb28CdPiyxzu7sogpqHZk"],
    ["a long id", plain(k(257), { hidden: true }), "user:%#TvXjaSZgys56J6j8sMrNvrDBAzQ2icVP6sM56Oz-qQw"],
  ])("of what is hidden: %s", (_kind, key, form) => {
    expect(key).toBe(form);
  });
});
