/** The ids of our serializers, here and in other packages. They stand in stored bytes: none ever changes. */
export const serializerIds = {
  json: 1,
  msgpack: 2,
  compressed: 3,
  encrypted: 4,
  signed: 5,
  bytes: 6,
} as const;
