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
    ["entry"],
    ["lazy-signal", "lifetime", "contained-observer"],
    ["guard", "breaker"],
    ["bus", "remote"],
    ["tags"],
    ["outage-options"],
    ["tier-list"],
    ["stack"],
    ["lock", "health"],
    ["write"],
    ["read"],
    ["declaration"],
    ["given"],
    ["namespace"],
    ["front-door"],
    ["plain-door"],
    ["cloning-door"],
    ["cache-wide"],
    ["cache"],
    ["cached"],
    ["index"],
  ],
};
