export { type MessagePackSerializer, type MsgpackOptions, msgpack } from "./msgpack.ts";
