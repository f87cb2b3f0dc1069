export { type MessagePackSerializer, msgpack } from "./msgpack.ts";
