import { startRedis } from "@tooling/redis-server";
import { expect, test } from "vitest";
import { ownConnection } from "../src/connection.ts";
import { eventually } from "./servers.ts";

test("a client that has given up for good, as one may that a Sentinel tells of a failover, begins again until it is closed", async () => {
  await using server = await startRedis();
  const connection = ownConnection({ host: "127.0.0.1", port: server.port }, 200);
  await connection.attempted();
  let ends = 0;
  connection.client.on("end", () => ends++);
  for (const end of [1, 2]) {
    connection.client.disconnect();
    await eventually(() => ends === end && connection.client.status === "ready");
  }
  await connection.close();
  await eventually(() => ends === 3);
  expect(connection.client.status).toBe("end");
});
