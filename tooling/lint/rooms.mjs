/**
 * The rooms of a package, each of which may know itself and the rooms before it; type imports count. A room is a folder
 * of `src` or a file directly in it. A room that is not listed fails the check.
 *
 * @type {Readonly<Record<string, readonly (readonly string[])[]>>}
 */
export const rooms = {
  core: [
    ["errors"],
    ["durations"],
    ["contracts"],
    ["option-rules"],
    ["serializers"],
    ["coarse-clock"],
    ["observers", "statistics"],
    ["entry"],
    ["lazy-signal", "lifetime"],
    ["guard", "breaker"],
    ["bus", "remote"],
    ["tags"],
    ["outage-options"],
    ["tier-places"],
    ["stack"],
    ["lock", "health"],
    ["probe-answer"],
    ["write"],
    ["read"],
    ["declaration"],
    ["given"],
    ["namespace"],
    ["declare-namespace"],
    ["front-door"],
    ["hot-door", "plain-door"],
    ["cloning-door"],
    ["door"],
    ["cache"],
    ["create-cache"],
    ["cached"],
    ["index"],
  ],
};
