import { packageTests } from "@tooling/vitest";

export default packageTests({ name: "msgpack", isolate: false });
